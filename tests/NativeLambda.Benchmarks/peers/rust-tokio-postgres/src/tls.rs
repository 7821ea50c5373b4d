//! TLS by rustls, whose cryptography is compiled in: no library to load and no configuration to read.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::SystemTime;

use rustls::client::{ServerCertVerified, ServerCertVerifier};
use rustls::{kx_group, Certificate, ClientConfig, Error, ServerName};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use webpki::{DnsNameRef, EndEntityCert, TlsServerTrustAnchors, TrustAnchor};

use crate::database::Failure;
use crate::subject;

#[derive(Clone)]
pub struct MakeTls(Arc<ClientConfig>);

impl MakeTls {
    /// Trusts the certificates of a PEM file and no others.
    pub fn with_root_file(path: &str) -> Result<Self, Failure> {
        let file = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
        // For the life of the process, as what is made of them is.
        let roots: &'static [Vec<u8>] = rustls_pemfile::certs(&mut file.as_slice())?.leak();
        let anchors = roots.iter().map(|der| TrustAnchor::try_from_cert_der(der)).collect::<Result<_, _>>()?;
        // Before version 18 a PostgreSQL server takes P-256 and nothing else: any other guess costs a flight.
        let config = ClientConfig::builder()
            .with_safe_default_cipher_suites()
            .with_kx_groups(&[&kx_group::SECP256R1, &kx_group::X25519, &kx_group::SECP384R1])
            .with_safe_default_protocol_versions()?
            .with_custom_certificate_verifier(Arc::new(Verifier { anchors }))
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}

/// Checks chain and name as rustls itself does, and addresses, too, which its webpki cannot.
struct Verifier {
    anchors: Vec<TrustAnchor<'static>>,
}

static ALGORITHMS: &[&webpki::SignatureAlgorithm] = &[
    &webpki::ECDSA_P256_SHA256,
    &webpki::ECDSA_P256_SHA384,
    &webpki::ECDSA_P384_SHA256,
    &webpki::ECDSA_P384_SHA384,
    &webpki::ED25519,
    &webpki::RSA_PKCS1_2048_8192_SHA256,
    &webpki::RSA_PKCS1_2048_8192_SHA384,
    &webpki::RSA_PKCS1_2048_8192_SHA512,
];

fn refused(error: webpki::Error) -> Error {
    Error::InvalidCertificateData(format!("the server's certificate is refused: {error}"))
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &Certificate,
        intermediates: &[Certificate],
        server_name: &ServerName,
        _: &mut dyn Iterator<Item = &[u8]>,
        _: &[u8],
        now: SystemTime,
    ) -> Result<ServerCertVerified, Error> {
        let certificate = EndEntityCert::try_from(end_entity.0.as_slice()).map_err(refused)?;
        let chain: Vec<&[u8]> = intermediates.iter().map(|certificate| certificate.0.as_slice()).collect();
        let time = webpki::Time::try_from(now).map_err(|_| Error::FailedToGetCurrentTime)?;
        certificate
            .verify_is_valid_tls_server_cert(ALGORITHMS, &TlsServerTrustAnchors(&self.anchors), &chain, time)
            .map_err(refused)?;
        match server_name {
            ServerName::DnsName(name) => {
                let name = DnsNameRef::try_from_ascii_str(name.as_ref()).map_err(|_| refused(webpki::Error::CertNotValidForName))?;
                certificate.verify_is_valid_for_dns_name(name).map_err(refused)?;
            }
            ServerName::IpAddress(address) if subject::has_address(&end_entity.0, *address) => {}
            _ => return Err(refused(webpki::Error::CertNotValidForName)),
        }
        Ok(ServerCertVerified::assertion())
    }
}

pub struct Connect {
    config: Arc<ClientConfig>,
    name: ServerName,
}

impl<S> MakeTlsConnect<S> for MakeTls
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Stream<S>;
    type TlsConnect = Connect;
    type Error = Failure;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Connect, Failure> {
        let name = match domain.parse::<IpAddr>() {
            Ok(address) => ServerName::IpAddress(address),
            Err(_) => ServerName::try_from(domain)?,
        };
        Ok(Connect { config: self.0.clone(), name })
    }
}

impl<S> TlsConnect<S> for Connect
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Stream<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn std::future::Future<Output = io::Result<Stream<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let connect = tokio_rustls::TlsConnector::from(self.config).connect(self.name, stream);
        Box::pin(async move { connect.await.map(Stream) })
    }
}

pub struct Stream<S>(tokio_rustls::client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Stream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
