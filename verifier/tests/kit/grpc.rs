//! A gRPC client that any method can be called with.

use prost::Message;
use tonic::{
    Request, Response, Status,
    client::Grpc,
    codec::CompressionEncoding,
    metadata::{MetadataKey, MetadataValue},
    transport::Channel,
};
use tonic_prost::ProstCodec;

use super::Kit;

impl Kit {
    /// Calls a method of the service with metadata as pairs.
    pub async fn call<Q, A>(
        &self,
        rpc: &str,
        metadata: &[(&str, &str)],
        request: Q,
    ) -> Result<Response<A>, Status>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let path = format!("/{}/{rpc}", touchstone_api::SERVICE_NAME);
        self.call_at(&path, metadata, request).await
    }

    /// The same for a method of any service.
    pub async fn call_at<Q, A>(
        &self,
        path: &str,
        metadata: &[(&str, &str)],
        request: Q,
    ) -> Result<Response<A>, Status>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let channel = Channel::from_shared(format!("http://{}", self.address)).unwrap();
        let mut client = Grpc::new(channel.connect().await.unwrap())
            .send_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Gzip);
        client.ready().await.unwrap();
        let mut asked = Request::new(request);
        for (name, value) in metadata {
            let name: MetadataKey<_> = name.parse().unwrap();
            let value: MetadataValue<_> = value.parse().unwrap();
            asked.metadata_mut().insert(name, value);
        }
        let codec = ProstCodec::<Q, A>::default();
        client.unary(asked, path.parse().unwrap(), codec).await
    }
}
