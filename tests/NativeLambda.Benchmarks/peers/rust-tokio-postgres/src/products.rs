//! The two routes.

use serde::Deserialize;
use tokio_postgres::Row;

use crate::database::{Database, Failure};
use crate::json::{push_bytes, push_string};
use crate::price::Price;

const PAGE: usize = 20;

/// What is read of an event in API Gateway's payload format 2.0.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "rawPath")]
    path: String,
    #[serde(rename = "requestContext")]
    context: Context,
}

#[derive(Deserialize)]
struct Context {
    http: Http,
}

#[derive(Deserialize)]
struct Http {
    method: String,
}

pub async fn handle(database: &mut Database, event: &[u8], response: &mut Vec<u8>) -> Result<(), Failure> {
    let event: Event = serde_json::from_slice(event)?;
    let mut body = Vec::with_capacity(512);
    let status = route(database, &event.context.http.method, &event.path, &mut body).await?;
    let content_type = if status == 200 { "application/json" } else { "application/problem+json" };
    response.extend_from_slice(format!("{{\"statusCode\":{status},\"headers\":{{\"content-type\":\"{content_type}\"}},\"body\":").as_bytes());
    push_bytes(response, &body);
    response.extend_from_slice(b",\"isBase64Encoded\":false}");
    Ok(())
}

async fn route(database: &mut Database, method: &str, path: &str, body: &mut Vec<u8>) -> Result<u16, Failure> {
    if method == "GET" && path == "/products" {
        return list(database, body).await;
    }
    match path.strip_prefix("/products/") {
        Some(id) if method == "GET" && !id.is_empty() && !id.contains('/') => find(database, id, body).await,
        _ => Ok(problem(body, 404, "Not Found", "There is nothing at this path.", None)),
    }
}

async fn find(database: &mut Database, id: &str, body: &mut Vec<u8>) -> Result<u16, Failure> {
    let id = match decode(id) {
        Some(id) if is_id(&id) => id,
        _ => return Ok(problem(body, 400, "Bad Request", "The id must be 1 to 64 characters out of A-Z, a-z, 0-9, '_' and '-'.", Some("id"))),
    };
    match database.find(&id).await? {
        Some(row) => {
            push_product(body, &id, &row, 0)?;
            Ok(200)
        }
        None => Ok(problem(body, 404, "Not Found", "There is no product with this id.", Some("id"))),
    }
}

async fn list(database: &mut Database, body: &mut Vec<u8>) -> Result<u16, Failure> {
    // One more than asked for tells whether there is a next page.
    let rows = database.list("", PAGE as i64 + 1).await?;
    body.extend_from_slice(b"{\"items\":[");
    for (i, row) in rows.iter().take(PAGE).enumerate() {
        if i > 0 {
            body.push(b',');
        }
        push_product(body, row.try_get(0)?, row, 1)?;
    }
    body.extend_from_slice(b"],\"next\":");
    if rows.len() > PAGE {
        push_string(body, rows[PAGE - 1].try_get(0)?);
    } else {
        body.extend_from_slice(b"null");
    }
    body.push(b'}');
    Ok(200)
}

fn push_product(body: &mut Vec<u8>, id: &str, row: &Row, name: usize) -> Result<(), Failure> {
    body.extend_from_slice(b"{\"id\":");
    push_string(body, id);
    body.extend_from_slice(b",\"name\":");
    push_string(body, row.try_get(name)?);
    body.extend_from_slice(b",\"price\":");
    body.extend_from_slice(row.try_get::<_, Price>(name + 1)?.0.as_bytes());
    body.extend_from_slice(b",\"stock\":");
    body.extend_from_slice(row.try_get::<_, i64>(name + 2)?.to_string().as_bytes());
    body.push(b'}');
    Ok(())
}

fn problem(body: &mut Vec<u8>, status: u16, title: &str, detail: &str, field: Option<&str>) -> u16 {
    body.extend_from_slice(format!("{{\"title\":\"{title}\",\"status\":{status},\"detail\":\"{detail}\"").as_bytes());
    if let Some(field) = field {
        body.extend_from_slice(format!(",\"field\":\"{field}\"").as_bytes());
    }
    body.push(b'}');
    status
}

fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_' || c == b'-')
}

/// Decodes a segment of a path; none where it is not UTF-8, which no id is.
fn decode(segment: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |at: usize| tail.get(at).and_then(|&c| (c as char).to_digit(16));
        match (*first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                rest = &tail[2..];
            }
            _ => {
                decoded.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(decoded).ok()
}
