//! How does the session travel in a cookie?

use http::{HeaderMap, HeaderValue, header};

const NAME: &str = "rapport_session";
/// Seconds that browsers keep it: as long as a session can live.
const MAX_AGE_SECONDS: u32 = 30 * 24 * 3_600;

/// The secret of the session that the request carries.
pub fn session(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == NAME).map(|(_, value)| value.trim())
}

/// `Set-Cookie` for a session that begins.
pub fn begin(secret: &str, is_https: bool) -> HeaderValue {
    set(secret, MAX_AGE_SECONDS, is_https)
}

/// `Set-Cookie` for a session that ends.
pub fn end(is_https: bool) -> HeaderValue {
    set("", 0, is_https)
}

fn set(value: &str, max_age_seconds: u32, is_https: bool) -> HeaderValue {
    let secure = if is_https { "; Secure" } else { "" };
    let text = format!(
        "{NAME}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{secure}"
    );
    HeaderValue::from_str(&text).expect("secrets are letters and digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; theme=dark"));
        assert_eq!(session(&headers), None);
        headers.append(header::COOKIE, HeaderValue::from_static("x=1;rapport_session=abc-_; y"));
        assert_eq!(session(&headers), Some("abc-_"));
    }

    #[test]
    fn scripts_and_other_sites_do_not_get_it() {
        let plain = begin("abc", false);
        let plain = plain.to_str().unwrap();
        assert!(plain.contains("HttpOnly") && plain.contains("SameSite=Lax"));
        assert!(!plain.contains("Secure"), "browsers would drop it on http");
        assert!(begin("abc", true).to_str().unwrap().ends_with("; Secure"));
        assert!(end(false).to_str().unwrap().contains("Max-Age=0"));
    }
}
