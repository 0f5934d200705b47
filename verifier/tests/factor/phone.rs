//! Text messages by a gateway.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, StatusCode, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use touchstone::{
    config::SecretText,
    factors::{SIGNATURE_HEADER, TIMESTAMP_HEADER, signature},
};

use crate::{
    kit::Kit,
    visit::{Visit, assess},
};

const NUMBER: &str = "+15555550123";
const SECRET: &str = "a secret of the gateway";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_is_asked_by_a_signed_request() {
    let gateway = Gateway::start().await;
    let kit = kit(&gateway).await;
    let visit = Visit::begin_of(&kit, &kit.shop, "account-1", NUMBER).await;
    let sent = visit.send().await;
    assert_eq!(
        (&sent["result"], &sent["channel"], &sent["hint"]),
        (&json!("SENT"), &json!("phone"), &json!("+•••••••23"))
    );
    let asked = gateway.asked.lock().unwrap().pop().unwrap();
    assert_eq!(
        asked.signature,
        signature(SECRET.as_bytes(), asked.timestamp, asked.body.as_bytes())
    );
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(
        (&body["to"], &body["language"]),
        (&json!(NUMBER), &json!("de"))
    );
    assert_eq!(body["id"].as_str().unwrap().len(), 32);
    let text = body["text"].as_str().unwrap();
    let code = text.split(' ').next().unwrap();
    let verified = visit.verify(code).await;
    let token = verified["verdictToken"]
        .as_str()
        .unwrap_or_else(|| panic!("{verified}: {text}"));
    let answer = assess(
        &kit,
        &kit.shop,
        token,
        "account-1",
        json!([{"phoneNumber": NUMBER}]),
    )
    .await;
    assert_eq!(
        answer["accountVerification"]["latestVerificationResult"],
        "SUCCESS_USER_VERIFIED"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_gateway_answers_decides() {
    for (status, result) in [
        (422, "RECIPIENT_NOT_ALLOWED"),
        (429, "SENT"),
        (503, "SENT"),
        (500, "INTERNAL"),
        (401, "INTERNAL"),
    ] {
        let gateway = Gateway::start().await;
        *gateway.status.lock().unwrap() = StatusCode::from_u16(status).unwrap();
        let kit = kit(&gateway).await;
        let visit = Visit::begin_of(&kit, &kit.shop, "account-1", NUMBER).await;
        assert_eq!(visit.send().await["result"], result, "{status}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_alone_sends_no_mail() {
    let gateway = Gateway::start().await;
    let kit = kit(&gateway).await;
    let visit = Visit::begin(&kit).await;
    assert_eq!(visit.send().await["result"], "SITE_ONBOARDING_INCOMPLETE");
}

async fn kit(gateway: &Gateway) -> Kit {
    let url = format!("http://{}/send", gateway.address);
    Kit::start_with(|config| {
        config.factors.sms_webhook = Some(url);
        config.factors.sms_secret = Some(SecretText::new(SECRET.to_owned()));
    })
    .await
}

struct Asked {
    timestamp: u64,
    signature: String,
    body: String,
}

struct Gateway {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    status: Arc<Mutex<StatusCode>>,
}

impl Gateway {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = Self {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
            status: Arc::new(Mutex::new(StatusCode::ACCEPTED)),
        };
        let (asked, status) = (gateway.asked.clone(), gateway.status.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (asked, status) = (asked.clone(), status.clone());
                let answer = service_fn(move |request: Request<Incoming>| {
                    let (asked, status) = (asked.clone(), status.clone());
                    async move {
                        let header =
                            |name: &str| request.headers()[name].to_str().unwrap().to_owned();
                        let (timestamp, signature) =
                            (header(TIMESTAMP_HEADER), header(SIGNATURE_HEADER));
                        let body = request.into_body().collect().await?.to_bytes();
                        asked.lock().unwrap().push(Asked {
                            timestamp: timestamp.parse().unwrap(),
                            signature,
                            body: String::from_utf8(body.to_vec()).unwrap(),
                        });
                        let mut answer = Response::new(Full::new(bytes::Bytes::new()));
                        *answer.status_mut() = *status.lock().unwrap();
                        Ok::<_, hyper::Error>(answer)
                    }
                });
                let serving = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), answer);
                tokio::spawn(serving);
            }
        });
        gateway
    }
}
