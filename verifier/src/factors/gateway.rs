//! Text messages, by a gateway that the operator runs: a signed request says what is to be sent.

use std::{io, time::Duration};

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::Full;
use hyper::{Method, Request, StatusCode, header::CONTENT_TYPE};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::json;
use sha2::Sha256;
use touchstone_mfa::Message;

use super::{Delivery, FactorsError, Parcel};
use crate::{
    config::GatewayConfig,
    environment::{Clock, SystemClock},
};

/// Posts to a gateway.
pub(super) struct Gateway {
    config: GatewayConfig,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Gateway {
    pub(super) fn new(config: GatewayConfig) -> Result<Self, FactorsError> {
        let builder = HttpsConnectorBuilder::new();
        let builder =
            builder.with_provider_and_native_roots(rustls::crypto::ring::default_provider());
        let connector = builder
            .map_err(|error: io::Error| error)?
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .build(connector);
        Ok(Self { config, client })
    }

    /// Posts a message: `2xx` says that it was taken, `422` that the number takes none, `429` and `503` that it may be tried later.
    pub(super) async fn send(&self, parcel: &Parcel, message: &Message) -> Delivery {
        let body = json!({
            "id": data_encoding::HEXLOWER.encode(&parcel.id),
            "to": parcel.endpoint.address(),
            "text": *message.text,
            "language": parcel.language,
        });
        let body = body.to_string();
        // The gateway compares it with the time of day, whatever a test's clock says.
        let timestamp = SystemClock.now() / 1_000;
        let secret = self.config.secret.text().as_bytes();
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.config.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(TIMESTAMP_HEADER, timestamp)
            .header(
                SIGNATURE_HEADER,
                signature(secret, timestamp, body.as_bytes()),
            )
            .body(Full::new(Bytes::from(body)));
        let Ok(request) = request else {
            return Delivery::Failed;
        };
        let status = match self.client.request(request).await {
            Ok(answer) => answer.status(),
            Err(error) => {
                tracing::warn!(%error, "the gateway for text messages does not answer");
                return Delivery::Failed;
            }
        };
        if !status.is_success() {
            tracing::warn!(%status, "the gateway did not take a code");
        }
        match status {
            status if status.is_success() => Delivery::Accepted,
            StatusCode::UNPROCESSABLE_ENTITY => Delivery::Refused,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Delivery::Later,
            _ => Delivery::Failed,
        }
    }
}

/// What signs a request: `v1=` and the HMAC-SHA-256, in hexadecimal, of the timestamp's digits, a full stop and the body.
pub fn signature(secret: &[u8], timestamp: u64, body: &[u8]) -> String {
    // HMAC takes keys of any length; this branch cannot be reached, and no signature is accepted by nobody.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    let code = mac.finalize().into_bytes();
    format!("v1={}", data_encoding::HEXLOWER.encode(&code))
}

/// When a request was signed, in seconds since the Unix epoch.
pub const TIMESTAMP_HEADER: &str = "x-touchstone-timestamp";
/// What it was signed with.
pub const SIGNATURE_HEADER: &str = "x-touchstone-signature";
const IDLE: Duration = Duration::from_secs(20);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_one_that_any_tool_makes() {
        // printf '1800000000.{}' | openssl dgst -sha256 -hmac secret
        assert_eq!(
            signature(b"secret", 1_800_000_000, b"{}"),
            "v1=bb7079132825ac793cea8c013c1dd24d926b9b02132245b10588d9e5c0df70d7"
        );
    }
}
