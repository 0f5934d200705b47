//! The API over REST: path, query string and body become the request that gRPC carries, the answer becomes JSON.

use bytes::Bytes;
use hyper::{Request, body::Incoming};
use touchstone_api::{ApiError, EnumStyle, Place, openapi};

use super::{Answer, PublicDoor, body, respond, route::called};
use crate::{
    doors::api::{Call, Form, Method},
    steps::StepError,
};

/// Answers a call at `place`.
pub(super) async fn answer(
    door: &PublicDoor,
    place: &Place,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let method = called(place, request.method())
        .and_then(|operation| Method::named(operation.rpc()))
        .ok_or_else(ApiError::no_such_path)?;
    let (headers, uri) = (request.headers().clone(), request.uri().clone());
    let query = uri.query().unwrap_or_default();
    let form = Form::Json(EnumStyle::from_query(query));
    let call = Call::admit(
        &door.verifier,
        &door.quotas,
        method,
        (&headers, query),
        form,
    )
    .await?;
    let gate = &door.admission.backend;
    let body = match method.operation.takes_body() {
        true => Some(gate.read(request, body::MAX_API_BODY).await?),
        false => None,
    };
    let body = body.as_deref().unwrap_or_default();
    let _place = gate.enter().await?;
    let request = method.operation.from_rest(place.name(), query, body)?;
    Ok(respond::json(call.answer(&request).await?.message))
}

/// The description of the API.
pub(super) fn description(door: &PublicDoor) -> Answer {
    let write = || openapi::document(&door.base_path).to_string().into();
    let text: &Bytes = door.description.get_or_init(write);
    respond::json(text.to_vec())
}
