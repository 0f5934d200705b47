//! What is wrong below the message: unknown methods, broken frames, other forms, bodies that do not come.

use std::time::Duration;

use http_body_util::{BodyExt, Full, StreamBody};
use hyper::Request;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::*;

#[tokio::test]
async fn what_is_no_method_is_unimplemented() {
    let kit = Kit::start().await;
    for path in [
        format!("/{}/Forget", touchstone_api::SERVICE_NAME),
        "/google.cloud.recaptchaenterprise.v1beta1.RecaptchaEnterpriseServiceV1Beta1/CreateAssessment".to_owned(),
        "/CreateAssessment".to_owned(),
        "/a/b/c".to_owned(),
    ] {
        let answer: Result<Response<v1::Assessment>, Status> =
            kit.call_at(&path, &[], v1::Event::default()).await;
        assert_eq!(answer.unwrap_err().code(), Code::Unimplemented, "{path}");
    }
}

#[tokio::test]
async fn a_message_beyond_the_bound_is_refused_and_the_door_stays_open() {
    let kit = Kit::start().await;
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    // Compressed it is small: the bound holds for what comes out.
    let event = v1::Event {
        headers: vec!["a".repeat(1 << 20)],
        ..v1::Event::default()
    };
    let status = refused(&kit, "CreateAssessment", &key, asked(event)).await;
    assert_ne!(status.code(), Code::Ok);
    let answer: Result<Response<v1::Assessment>, _> = kit
        .call("CreateAssessment", &key, asked(v1::Event::default()))
        .await;
    assert!(answer.is_ok());
}

#[tokio::test]
async fn a_body_that_is_not_one_message_is_told_what_is_wrong() {
    let kit = Kit::start().await;
    for (body, code) in [
        (&b""[..], Code::Unimplemented),
        (
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
            Code::Unimplemented,
        ),
        (b"\x00\x00\x00", Code::InvalidArgument),
        (b"\x00\x00\x00\x00\x09\x12\x00", Code::InvalidArgument),
        (b"\x00\x00\x00\x00\x02\xff\xff", Code::InvalidArgument),
        (
            b"\x00\x00\x00\x00\x04\x12\x02\x0a\x7f",
            Code::InvalidArgument,
        ),
        // A string that is not UTF-8.
        (b"\x00\x00\x00\x00\x03\x0a\x01\xff", Code::InvalidArgument),
    ] {
        let (status, _) = post(
            &kit,
            StreamBody::new(tokio_stream::iter([Ok::<_, std::convert::Infallible>(
                hyper::body::Frame::data(bytes::Bytes::copy_from_slice(body)),
            )])),
        )
        .await;
        assert_eq!(status.code(), code, "{body:?}: {status:?}");
    }
}

/// A library that reads messages by their description lets some through that the generated types do not take.
#[tokio::test]
async fn a_field_of_another_wire_type_is_the_callers_fault() {
    let kit = Kit::start().await;
    // CreateKeyRequest.key.labels, a map, as a number, and further fields behind it.
    let request = b"\x0a\x0dprojects/shop\x12\x08\x30\x06\x0a\x01a\x12\x01b".to_vec();
    let path = format!("/{}/CreateKey", touchstone_api::SERVICE_NAME);
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    let status = kit.call_raw(&path, &key, request).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    assert!(status.message().contains("labels"), "{status:?}");
}

#[tokio::test]
async fn messages_in_another_form_than_the_binary_one_are_unimplemented() {
    let kit = Kit::start().await;
    let path = format!("/{}/CreateAssessment", touchstone_api::SERVICE_NAME);
    for (form, code) in [
        ("application/grpc+json", Code::Unimplemented),
        ("application/grpc+proto", Code::InvalidArgument),
        ("application/grpc;charset=utf-8", Code::InvalidArgument),
    ] {
        let body = Full::new(bytes::Bytes::from_static(b"\x00\x00\x00\x00\x00"));
        let answer = open(&kit, &path, form, body).await;
        let status = Status::from_header_map(answer.headers()).unwrap();
        assert_eq!(status.code(), code, "{form}: {status:?}");
    }
}

/// The test's clock jumps to the next timer whenever everybody waits, so that ten seconds take none.
#[tokio::test(start_paused = true)]
async fn a_call_that_does_not_come_whole_ends_in_time() {
    let kit = Kit::start().await;
    let (_hold, frames) = tokio::sync::mpsc::channel::<
        Result<hyper::body::Frame<bytes::Bytes>, std::convert::Infallible>,
    >(1);
    let body = StreamBody::new(tokio_stream::wrappers::ReceiverStream::new(frames));
    let (status, waited) = post(&kit, body).await;
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!(waited < Duration::from_secs(15), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_says_nothing_holds_its_connection_for_a_minute_and_a_half_at_most() {
    let kit = Kit::start().await;
    let (_hold, frames) = tokio::sync::mpsc::channel::<Result<_, std::convert::Infallible>>(1);
    let body = StreamBody::new(tokio_stream::wrappers::ReceiverStream::new(frames));
    let path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    let started = tokio::time::Instant::now();
    let answer = open(&kit, path, "application/grpc", body).await;
    assert_eq!(answer.status(), 200);
    let _ = answer.into_body().collect().await;
    let held = started.elapsed();
    assert!(held <= Duration::from_secs(90), "{held:?}");
}

/// Posts a body to CreateAssessment as it is, and reads the status.
async fn post<B>(kit: &Kit, body: B) -> (Status, Duration)
where
    B: hyper::body::Body<Data = bytes::Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let path = format!("/{}/CreateAssessment", touchstone_api::SERVICE_NAME);
    let started = tokio::time::Instant::now();
    let answer = open(kit, &path, "application/grpc", body).await;
    let waited = started.elapsed();
    (Status::from_header_map(answer.headers()).unwrap(), waited)
}

/// Begins a call whose body is as given.
async fn open<B>(
    kit: &Kit,
    path: &str,
    form: &str,
    body: B,
) -> hyper::Response<hyper::body::Incoming>
where
    B: hyper::body::Body<Data = bytes::Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let stream = TcpStream::connect(kit.address).await.unwrap();
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    let request = Request::post(format!("http://{}{path}", kit.address))
        .header("content-type", form)
        .header("x-goog-api-key", &kit.shop.api_key)
        .body(body)
        .unwrap();
    client.send_request(request).await.unwrap()
}
