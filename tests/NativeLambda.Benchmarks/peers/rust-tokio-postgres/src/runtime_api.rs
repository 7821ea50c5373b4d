//! The Lambda Runtime API over one kept-alive connection, which blocks: between two invocations there is nothing else to do.

use std::error::Error;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;

use crate::json::push_string;

const ERROR_TYPE: &str = "Runtime.DatabaseError";

pub struct RuntimeApi {
    host: String,
    stream: BufReader<TcpStream>,
    request: Vec<u8>,
    line: Vec<u8>,
}

pub struct Invocation {
    pub id: String,
    pub event: Vec<u8>,
}

#[derive(Default)]
struct Response {
    status: u16,
    id: String,
    body: Vec<u8>,
}

fn invalid(message: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, message)
}

impl RuntimeApi {
    pub fn connect() -> io::Result<Self> {
        let host = std::env::var("AWS_LAMBDA_RUNTIME_API").map_err(|_| invalid("AWS_LAMBDA_RUNTIME_API is missing"))?;
        let stream = TcpStream::connect(&host)?;
        stream.set_nodelay(true)?;
        Ok(Self { host, stream: BufReader::with_capacity(16384, stream), request: Vec::with_capacity(4096), line: Vec::new() })
    }

    /// Waits for an invocation.
    pub fn next(&mut self) -> io::Result<Invocation> {
        let request = format!("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: {}\r\n\r\n", self.host);
        self.stream.get_mut().write_all(request.as_bytes())?;
        let response = self.read_response()?;
        if response.status != 200 || response.id.is_empty() {
            return Err(invalid("next was not answered by an invocation"));
        }
        Ok(Invocation { id: response.id, event: response.body })
    }

    pub fn respond(&mut self, id: &str, response: &[u8]) -> io::Result<()> {
        self.post(&format!("invocation/{id}/response"), "", response)
    }

    pub fn fail(&mut self, id: &str, error: &dyn Error) -> io::Result<()> {
        self.post_error(&format!("invocation/{id}/error"), error)
    }

    /// Says that Init failed, and ends the process.
    pub fn init_error(&mut self, error: &dyn Error) -> io::Result<std::convert::Infallible> {
        eprintln!("{}", with_sources(error));
        self.post_error("init/error", error)?;
        std::process::exit(1)
    }

    fn post_error(&mut self, path: &str, error: &dyn Error) -> io::Result<()> {
        let mut body = format!("{{\"errorType\":\"{ERROR_TYPE}\",\"errorMessage\":").into_bytes();
        push_string(&mut body, &with_sources(error));
        body.extend_from_slice(b",\"stackTrace\":[]}");
        self.post(path, &format!("Lambda-Runtime-Function-Error-Type: {ERROR_TYPE}\r\n"), &body)
    }

    fn post(&mut self, path: &str, headers: &str, body: &[u8]) -> io::Result<()> {
        self.request.clear();
        write!(
            self.request,
            "POST /2018-06-01/runtime/{path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n{headers}Content-Length: {}\r\n\r\n",
            self.host,
            body.len()
        )?;
        self.request.extend_from_slice(body);
        self.stream.get_mut().write_all(&self.request)?;
        match self.read_response()?.status {
            500.. => Err(invalid("the Runtime API failed")),
            _ => Ok(()),
        }
    }

    fn read_response(&mut self) -> io::Result<Response> {
        self.read_line()?;
        if self.line.len() < 12 || !self.line.starts_with(b"HTTP/1.") {
            return Err(invalid("the Runtime API's answer is not HTTP"));
        }
        let mut response = Response { status: number(&self.line[9..12], 10)? as u16, ..Default::default() };
        let (mut length, mut chunked) = (0, false);
        loop {
            self.read_line()?;
            if self.line.is_empty() {
                break;
            }
            let colon = self.line.iter().position(|&c| c == b':').ok_or_else(|| invalid("a header has no colon"))?;
            let name = &self.line[..colon];
            let value = std::str::from_utf8(&self.line[colon + 1..]).map_err(|_| invalid("a header is not text"))?.trim();
            if name.eq_ignore_ascii_case(b"content-length") {
                length = number(value.as_bytes(), 10)?;
            } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
                chunked = value.eq_ignore_ascii_case("chunked");
            } else if name.eq_ignore_ascii_case(b"lambda-runtime-aws-request-id") {
                response.id = value.to_owned();
            }
        }
        if chunked {
            self.read_chunks(&mut response.body)?;
        } else {
            self.read_body(&mut response.body, length)?;
        }
        Ok(response)
    }

    fn read_line(&mut self) -> io::Result<()> {
        self.line.clear();
        self.stream.read_until(b'\n', &mut self.line)?;
        if self.line.pop() != Some(b'\n') {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        Ok(())
    }

    fn read_body(&mut self, body: &mut Vec<u8>, length: usize) -> io::Result<()> {
        let start = body.len();
        body.resize(start + length, 0);
        self.stream.read_exact(&mut body[start..])
    }

    fn read_chunks(&mut self, body: &mut Vec<u8>) -> io::Result<()> {
        loop {
            self.read_line()?;
            let length = number(&self.line, 16)?;
            if length == 0 {
                break;
            }
            self.read_body(body, length)?;
            self.read_line()?;
        }
        while !self.line.is_empty() {
            self.read_line()?;
        }
        Ok(())
    }
}

fn number(digits: &[u8], radix: u32) -> io::Result<usize> {
    let text = std::str::from_utf8(digits).map_err(|_| invalid("a number is not one"))?;
    usize::from_str_radix(text, radix).map_err(|_| invalid("a number is not one"))
}

fn with_sources(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        message.push_str(": ");
        message.push_str(&inner.to_string());
        source = inner.source();
    }
    message
}
