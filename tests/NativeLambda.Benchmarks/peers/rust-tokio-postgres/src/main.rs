//! The products function in Rust with tokio-postgres: the connection opens in Init and stays.

mod database;
mod json;
mod price;
mod products;
mod runtime_api;
mod subject;
mod tls;

use database::Database;
use runtime_api::RuntimeApi;

fn main() -> std::io::Result<()> {
    let mut api = RuntimeApi::connect()?;
    // One thread: it drives the database's connection while it waits for an answer.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let mut database = match runtime.block_on(Database::connect()) {
        Ok(database) => database,
        Err(error) => match api.init_error(error.as_ref())? {},
    };
    let mut response = Vec::with_capacity(4096);
    loop {
        let invocation = api.next()?;
        response.clear();
        match runtime.block_on(products::handle(&mut database, &invocation.event, &mut response)) {
            Ok(()) => api.respond(&invocation.id, &response)?,
            Err(error) => api.fail(&invocation.id, error.as_ref())?,
        }
    }
}
