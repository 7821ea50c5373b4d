//! The connection and its statements. tokio-postgres prepares a statement by a flight of its own: the one that the first request
//! most likely needs is prepared in Init.

use std::error::Error;
use tokio_postgres::config::{ChannelBinding, SslMode};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Row, Statement};

use crate::tls::MakeTls;

pub type Failure = Box<dyn Error + Send + Sync>;

const FIND: &str = "SELECT name, price, stock FROM products WHERE id = $1";
const LIST: &str = "SELECT id, name, price, stock FROM products WHERE id > $1 ORDER BY id LIMIT $2";

pub struct Database {
    client: Client,
    find: Statement,
    list: Option<Statement>,
}

impl Database {
    pub async fn connect() -> Result<Self, Failure> {
        let client = open().await?;
        let find = client.prepare_typed(FIND, &[Type::TEXT]).await?;
        Ok(Self { client, find, list: None })
    }

    pub async fn find(&mut self, id: &str) -> Result<Option<Row>, Failure> {
        self.ensure_open().await?;
        Ok(self.client.query_opt(&self.find, &[&id]).await?)
    }

    pub async fn list(&mut self, after: &str, limit: i64) -> Result<Vec<Row>, Failure> {
        self.ensure_open().await?;
        if self.list.is_none() {
            self.list = Some(self.client.prepare_typed(LIST, &[Type::TEXT, Type::INT8]).await?);
        }
        let parameters: [&(dyn ToSql + Sync); 2] = [&after, &limit];
        Ok(self.client.query(self.list.as_ref().expect("it was prepared above"), &parameters).await?)
    }

    async fn ensure_open(&mut self) -> Result<(), Failure> {
        if self.client.is_closed() {
            *self = Self::connect().await?;
        }
        Ok(())
    }
}

fn variable(name: &str) -> Result<String, Failure> {
    std::env::var(name).map_err(|_| format!("{name} is missing").into())
}

async fn open() -> Result<Client, Failure> {
    let mut config = Config::new();
    config.host(&variable("PGHOST")?).port(variable("PGPORT")?.parse()?).user(&variable("PGUSER")?).dbname(&variable("PGDATABASE")?);
    if let Ok(password) = variable("PGPASSWORD") {
        config.password(password);
    }
    // Under verify-full, channel binding would prove once more what the certificate has.
    config.channel_binding(ChannelBinding::Disable);
    match variable("PGSSLMODE")?.as_str() {
        "disable" => {
            let (client, connection) = config.ssl_mode(SslMode::Disable).connect(tokio_postgres::NoTls).await?;
            tokio::spawn(connection);
            Ok(client)
        }
        "verify-full" => {
            let tls = MakeTls::with_root_file(&variable("PGSSLROOTCERT")?)?;
            let (client, connection) = config.ssl_mode(SslMode::Require).connect(tls).await?;
            tokio::spawn(connection);
            Ok(client)
        }
        mode => Err(format!("PGSSLMODE is {mode}: use verify-full or disable").into()),
    }
}
