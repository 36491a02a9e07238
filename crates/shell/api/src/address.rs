//! From where does a request come, and under which address does its sender know us?

use crate::options::ApiOptions;
use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{Extensions, HeaderMap, header};
use std::net::{IpAddr, SocketAddr};

/// The address of the client: the peer, or what a believed proxy says. `None` where the transport
/// has no addresses.
pub fn client(
    headers: &HeaderMap,
    extensions: &Extensions,
    options: &ApiOptions,
) -> Option<IpAddr> {
    client_of(headers, extensions, options.is_behind_proxy)
}

/// The same for a server of which it is known whether it is behind a proxy.
pub fn client_of(
    headers: &HeaderMap,
    extensions: &Extensions,
    is_behind_proxy: bool,
) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    if !is_behind_proxy {
        return peer;
    }
    // The last entry is the one that the believed proxy wrote; those before it are hearsay.
    let said = headers.get_all("x-forwarded-for").iter().next_back();
    let said = said.and_then(|list| list.to_str().ok()).and_then(|list| list.rsplit(',').next());
    said.and_then(|address| address.trim().parse().ok()).or(peer)
}

/// The same as a key for limits; clients without an address share one.
pub fn client_key(parts: &Parts, options: &ApiOptions) -> String {
    client(&parts.headers, &parts.extensions, options)
        .map_or_else(|| "local".to_owned(), |ip| subnet(ip).to_string())
}

/// Whether the request comes from this machine and through no proxy.
pub fn is_loopback(parts: &Parts) -> bool {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let is_direct = !parts.headers.contains_key("x-forwarded-for");
    is_direct && peer.is_some_and(|ip| ip.to_canonical().is_loopback())
}

/// Whether the sender reached us by HTTPS.
pub fn is_https(headers: &HeaderMap, options: &ApiOptions) -> bool {
    if let Some(url) = &options.public_url {
        return url.starts_with("https://");
    }
    options.is_behind_proxy && text(headers, "x-forwarded-proto") == Some("https")
}

/// Host and perhaps port under which the sender knows us.
pub fn host<'a>(headers: &'a HeaderMap, options: &'a ApiOptions) -> &'a str {
    let public = options.public_url.as_deref().and_then(|url| url.split_once("://"));
    match public {
        Some((_, host)) => host.trim_end_matches('/'),
        None => text(headers, header::HOST.as_str()).unwrap_or("localhost"),
    }
}

/// The address for links: `https://host`.
pub fn base_url(headers: &HeaderMap, options: &ApiOptions) -> String {
    let scheme = if is_https(headers, options) { "https" } else { "http" };
    format!("{scheme}://{}", host(headers, options))
}

/// A header as text; one that is not text is as good as absent.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// One customer of a provider has a /64 of IPv6: limits count it as one.
fn subnet(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) => {
            let kept = u128::from(v6) & !u128::from(u64::MAX);
            IpAddr::V6(kept.into())
        }
        v4 => v4,
    }
}
