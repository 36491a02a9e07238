//! How is somebody's server reached, and which servers are not?
//!
//! A webhook's address is written by a person, and whoever can write one must not be able to knock
//! at doors inside: the name is looked up once, every address that it has must be a public one, and
//! the connection goes to the address that was looked at. Redirects are not followed.

use base::{Error, ErrorKind};
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::uri::Scheme;
use http::{HeaderName, Method, Request, Uri};
use hyper_util::rt::TokioIo;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How long an attempt may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where a webhook leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    uri: Uri,
    host: String,
    port: u16,
    is_tls: bool,
}

/// What is sent.
pub struct Letter<'a> {
    /// Headers of its own.
    pub headers: [(&'static str, String); 3],
    /// JSON.
    pub body: &'a str,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// `Invalid` where it is none of the web.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let refuse = |message: &str| Error::new(ErrorKind::Invalid, message);
        let uri: Uri = url.parse().map_err(|_| refuse("the webhook is no address"))?;
        let is_tls = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(refuse("the webhook's address begins with https://")),
        };
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'));
        let host = authority.map(|authority| authority.host().to_owned());
        let host = host.filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| refuse("the webhook's address names no server"))?;
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        Ok(Self { uri, host, port, is_tls })
    }

    /// Sends a letter, and answers the status. `is_inside_allowed`: whether private networks and
    /// connections without TLS are.
    ///
    /// # Errors
    /// Why there was no answer, in words for the log of deliveries.
    pub async fn post(&self, letter: Letter<'_>, is_inside_allowed: bool) -> Result<u16, String> {
        if !self.is_tls && !is_inside_allowed {
            return Err("addresses without TLS (http://) are not allowed".to_owned());
        }
        let sent = tokio::time::timeout(PATIENCE, self.sent(letter, is_inside_allowed)).await;
        sent.unwrap_or_else(|_| Err(format!("no answer within {} s", PATIENCE.as_secs())))
    }

    async fn sent(&self, letter: Letter<'_>, is_inside_allowed: bool) -> Result<u16, String> {
        let stream = TcpStream::connect(self.place(is_inside_allowed).await?).await;
        let stream = stream.map_err(|error| format!("no connection: {error}"))?;
        if !self.is_tls {
            return self.over(stream, letter).await;
        }
        let name = ServerName::try_from(self.bare_host().to_owned());
        let name = name.map_err(|_| "the server's name is none".to_owned())?;
        let secured = TlsConnector::from(tls()?).connect(name, stream).await;
        self.over(secured.map_err(|error| format!("no TLS: {error}"))?, letter).await
    }

    /// Where the server is.
    async fn place(&self, is_inside_allowed: bool) -> Result<SocketAddr, String> {
        let found = tokio::net::lookup_host((self.bare_host(), self.port)).await;
        let found: Vec<SocketAddr> =
            found.map_err(|error| format!("the server's name is unknown: {error}"))?.collect();
        if !is_inside_allowed && !found.iter().all(|place| is_public(place.ip())) {
            return Err("the server is in a private network, which is not allowed".to_owned());
        }
        found.first().copied().ok_or_else(|| "the server's name is unknown".to_owned())
    }

    /// Without the brackets of an IPv6 address.
    fn bare_host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    async fn over<S>(&self, stream: S, letter: Letter<'_>) -> Result<u16, String>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let failed = |error: hyper::Error| format!("the connection broke: {error}");
        let io = TokioIo::new(stream);
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(io).await.map_err(failed)?;
        let request = self.request(letter)?;
        let talk = tokio::spawn(connection);
        let answer = sender.send_request(request).await.map_err(failed);
        // Nothing of the body is read: its status is the answer.
        talk.abort();
        Ok(answer?.status().as_u16())
    }

    fn request(&self, letter: Letter<'_>) -> Result<Request<String>, String> {
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(HOST, authority)
            .header(USER_AGENT, concat!("Rapport/", env!("CARGO_PKG_VERSION")))
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in letter.headers {
            request = request.header(HeaderName::from_static(name), value);
        }
        let request = request.body(letter.body.to_owned());
        request.map_err(|_| "the request could not be written".to_owned())
    }
}

/// TLS with the roots that Mozilla trusts.
fn tls() -> Result<Arc<ClientConfig>, String> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(Arc::clone(config));
    }
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| format!("no TLS: {error}"))?;
    let config = Arc::new(config.with_root_certificates(roots).with_no_client_auth());
    Ok(Arc::clone(CONFIG.get_or_init(|| config)))
}

/// Whether an address is of the public internet, by IANA's registries of special addresses.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = match (a, b, c) {
        // This network, private, loopback, link-local; multicast, reserved, broadcast.
        (0 | 10 | 127 | 224.., _, _) | (169, 254, _) | (192, 168, _) => true,
        (172, b, _) => (16..32).contains(&b),
        // Shared by providers.
        (100, b, _) => (64..128).contains(&b),
        // Protocol assignments, documentation, benchmarks.
        (192, 0, 0 | 2) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => true,
        _ => false,
    };
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(within) = address.to_ipv4_mapped() {
        return is_public_v4(within);
    }
    let parts = address.segments();
    let within = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // Translated and tunnelled IPv4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => within(high, low),
        // Documentation, benchmarks, Teredo and other protocol assignments.
        [0x2001, 0xdb8, ..] | [0x2001, 0..0x200, ..] | [0x3fff, 0..0x1000, ..] => false,
        // Only 2000::/3 is given out.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_is_not_public() {
        let check = |is: bool, all: &[&str]| {
            for text in all {
                assert_eq!(is_public(text.parse().unwrap()), is, "{text}");
            }
        };
        check(true, &["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "192.1.0.1"]);
        check(true, &["2606:4700::1111", "64:ff9b::101:101", "2002:101:101::1"]);
        check(false, &["127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"]);
        check(false, &["0.0.0.0", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255"]);
        check(false, &["192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "192.0.0.8"]);
        check(false, &["::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"]);
        check(false, &["::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:a00:1::1", "2001::1"]);
    }

    #[test]
    fn addresses_are_of_the_web() {
        let check = |url: &str, expected: Option<(&str, u16, bool)>| {
            let found = Address::parse(url).ok();
            let found = found.as_ref().map(|a| (a.bare_host(), a.port, a.is_tls));
            assert_eq!(found, expected, "{url}");
        };
        check("https://example.com/a?b=c", Some(("example.com", 443, true)));
        check("http://[::1]:8080/", Some(("::1", 8080, false)));
        check("https://user:word@example.com/", None);
        check("ftp://example.com/", None);
        check("example.com", None);
        check("/alerts", None);
        check("https:///x", None);
    }

    #[tokio::test]
    async fn a_door_inside_is_not_knocked_at() {
        let post = async |url: &str| {
            let headers = [("a", String::new()), ("b", String::new()), ("c", String::new())];
            let letter = Letter { headers, body: "{}" };
            Address::parse(url).unwrap().post(letter, false).await.unwrap_err()
        };
        assert!(post("https://localhost:1/").await.contains("private network"));
        assert!(post("https://[::1]:1/").await.contains("private network"));
        assert!(post("http://example.com/").await.contains("without TLS"));
    }
}
