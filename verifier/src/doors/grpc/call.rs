use std::{
    future::Future,
    pin::Pin,
    sync::atomic::{AtomicU16, Ordering},
};

use bytes::{Buf, BufMut, Bytes};
use http_body_util::Full;
use hyper::{Request, header::HeaderMap};
use tokio_stream::Iter;
use tonic::{
    Status,
    codec::{Codec, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder},
    metadata::{BinaryMetadataValue, MetadataMap},
    server::{Grpc, ServerStreamingService},
};

use super::{Answered, status};
use crate::{
    doors::{
        api::{Call, Form, Method, Reply, refusal},
        http::{MAX_API_BODY, PublicDoor},
    },
    steps::StepError,
};

/// Answers a call whose body is here.
pub(super) async fn answer(
    door: &PublicDoor,
    method: &'static Method,
    headers: &HeaderMap,
    request: Request<Full<Bytes>>,
) -> Answered {
    // A message that cannot be unpacked is refused before the service is asked.
    let outcome = AtomicU16::new(400);
    let service = Service {
        door,
        method,
        headers,
        outcome: &outcome,
    };
    let response = Grpc::new(Raw)
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip)
        .max_decoding_message_size(MAX_API_BODY)
        .server_streaming(service, request)
        .await;
    Answered {
        route: method.rpc,
        status: outcome.into_inner(),
        response,
    }
}

/// One method as tonic calls it. To the client it is an ordinary one with one answer; to tonic a stream of that answer and
/// a status, since only a status has trailers of its own.
struct Service<'a> {
    door: &'a PublicDoor,
    method: &'static Method,
    headers: &'a HeaderMap,
    outcome: &'a AtomicU16,
}

type Answers = Iter<std::vec::IntoIter<Result<Vec<u8>, Status>>>;

impl<'a> ServerStreamingService<Bytes> for Service<'a> {
    type Response = Vec<u8>;
    type ResponseStream = Answers;
    type Future =
        Pin<Box<dyn Future<Output = Result<tonic::Response<Answers>, Status>> + Send + 'a>>;

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        let (door, method, headers, outcome) = (self.door, self.method, self.headers, self.outcome);
        Box::pin(async move {
            match reply(door, method, headers, &request.into_inner()).await {
                Ok(reply) => {
                    outcome.store(200, Ordering::Relaxed);
                    Ok(tonic::Response::new(answers(reply)))
                }
                Err(error) => {
                    let error = refusal(method.rpc, error);
                    outcome.store(error.http_status(), Ordering::Relaxed);
                    Err(status(&error))
                }
            }
        })
    }
}

async fn reply(
    door: &PublicDoor,
    method: &'static Method,
    headers: &HeaderMap,
    request: &[u8],
) -> Result<Reply, StepError> {
    let call = Call::admit(
        &door.verifier,
        &door.quotas,
        method,
        (headers, ""),
        Form::Proto,
    );
    let call = call.await?;
    method.operation.check(request)?;
    let _place = door.admission.backend.enter().await?;
    call.answer(request).await
}

fn answers(reply: Reply) -> Answers {
    let mut answers = vec![Ok(reply.message)];
    if let Some(evidence) = reply.evidence {
        let mut trailers = MetadataMap::new();
        trailers.insert_bin(EVIDENCE, BinaryMetadataValue::from_bytes(&evidence));
        answers.push(Err(Status::with_metadata(tonic::Code::Ok, "", trailers)));
    }
    tokio_stream::iter(answers)
}

/// Messages pass as bytes: the table of methods knows their types.
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, message: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(&message);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}

/// Where the evidence behind a score goes, as JSON.
const EVIDENCE: &str = "x-touchstone-evidence-bin";
