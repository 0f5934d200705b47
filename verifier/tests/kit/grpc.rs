//! A gRPC client that any method can be called with.

use bytes::{Buf, BufMut};
use prost::Message;
use tonic::{
    Request, Response, Status,
    client::Grpc,
    codec::{Codec, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder},
    metadata::{MetadataKey, MetadataValue},
    transport::Channel,
};

use super::Kit;

impl Kit {
    /// Calls a method of the service with metadata as pairs.
    pub async fn call<Q: Message, A: Message + Default>(
        &self,
        rpc: &str,
        metadata: &[(&str, &str)],
        request: Q,
    ) -> Result<Response<A>, Status> {
        let path = format!("/{}/{rpc}", touchstone_api::SERVICE_NAME);
        self.call_at(&path, metadata, request).await
    }

    /// The same for a method of any service.
    pub async fn call_at<Q: Message, A: Message + Default>(
        &self,
        path: &str,
        metadata: &[(&str, &str)],
        request: Q,
    ) -> Result<Response<A>, Status> {
        let bytes = request.encode_to_vec();
        let answer = self.call_raw(path, metadata, bytes).await?;
        Ok(answer.map(|bytes| A::decode(&bytes[..]).unwrap()))
    }

    /// The same with messages in their binary form.
    pub async fn call_raw(
        &self,
        path: &str,
        metadata: &[(&str, &str)],
        request: Vec<u8>,
    ) -> Result<Response<Vec<u8>>, Status> {
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
        client.unary(asked, path.parse().unwrap(), Raw).await
    }
}

struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
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

    fn encode(&mut self, item: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let mut bytes = vec![0; from.remaining()];
        from.copy_to_slice(&mut bytes);
        Ok(Some(bytes))
    }
}
