//! The types of the external API: what bytes come in and go out at the doors, and nothing of what they mean.
//!
//! - [`v1`] and [`rpc`]: messages generated from the `.proto` files, the same for REST and gRPC;
//! - [`json`]: their JSON form, [`json::decode`] and [`json::encode`];
//! - [`overlay`]: the fields that REST answers have and the messages have not;
//! - [`operation`]: the methods, and their requests from the parts of an HTTP request;
//! - [`openapi`]: the description of all that for people and programs;
//! - [`mask`]: lists of fields to change, as `PATCH` requests carry them;
//! - [`error`]: every refusal, with its HTTP and gRPC form;
//! - [`client_address()`]: a visitor's address, as backends pass it on;
//! - [`names`]: resource names such as `projects/p/keys/k`;
//! - [`siteverify`]: the classic verification, which is not part of the messages.
//!
//! Nothing here does I/O, reads a clock or keeps state.

use std::sync::LazyLock;

use prost_reflect::DescriptorPool;

mod client_address;
pub mod error;
pub mod json;
pub mod mask;
pub mod names;
pub mod openapi;
pub mod operation;
pub mod overlay;
pub mod siteverify;

pub use client_address::client_address;
pub use error::{ApiError, Code};
pub use json::{EnumStyle, decode, encode, encode_text};
pub use operation::{Operation, Place};
pub use overlay::{
    AccountExplanation, AccountTerm, ClientProperties, Evidence, Explanation, Overlay,
    encode_assessment,
};

/// The messages of `google.cloud.recaptchaenterprise.v1`.
pub mod v1 {
    include!(concat!(
        env!("OUT_DIR"),
        "/google.cloud.recaptchaenterprise.v1.rs"
    ));
}

/// The error messages of `google.rpc`, as gRPC carries them in `grpc-status-details-bin`.
pub mod rpc {
    include!(concat!(env!("OUT_DIR"), "/google.rpc.rs"));
}

/// The compiled `.proto` files: a `google.protobuf.FileDescriptorSet`, imports included, as gRPC reflection wants it.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// Full name of the service, as gRPC paths begin with it.
pub const SERVICE_NAME: &str = "google.cloud.recaptchaenterprise.v1.RecaptchaEnterpriseService";

/// The descriptors of all messages, decoded on first use.
pub fn descriptors() -> &'static DescriptorPool {
    // A set that did not decode would leave the pool empty; every call below would then answer INTERNAL, and the test
    // `the_embedded_descriptors_are_complete` fails. Compiled in by the build script, it cannot change after that.
    static POOL: LazyLock<DescriptorPool> =
        LazyLock::new(|| DescriptorPool::decode(DESCRIPTOR_SET).unwrap_or_default());
    &POOL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_descriptors_are_complete() {
        let service = descriptors().get_service_by_name(SERVICE_NAME).unwrap();
        assert_eq!(service.methods().count(), 24);
        for name in [
            "google.rpc.ErrorInfo",
            "google.rpc.BadRequest",
            "google.protobuf.Timestamp",
        ] {
            assert!(descriptors().get_message_by_name(name).is_some(), "{name}");
        }
    }
}
