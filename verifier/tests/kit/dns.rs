//! A DNS server on loopback that knows some names and addresses.

use std::net::{IpAddr, SocketAddr};

use hickory_resolver::proto::{
    op::{Message, OpCode, ResponseCode},
    rr::{Name, RData, Record, RecordType, rdata::PTR},
};
use tokio::net::UdpSocket;

/// What is answered for an address.
#[derive(Clone, Copy)]
pub struct Host {
    pub address: &'static str,
    /// Its name; an empty one is answered by a failure of the server.
    pub name: &'static str,
    /// Where the name leads.
    pub leads_to: &'static str,
}

/// Serves until the test ends, and answers where. Addresses that are not listed have no name.
pub async fn serve(hosts: &'static [Host]) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 512];
        while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
            let question = Message::from_vec(&buffer[..length]).unwrap();
            let answer = answer(hosts, &question).to_vec().unwrap();
            socket.send_to(&answer, peer).await.unwrap();
        }
    });
    address
}

fn answer(hosts: &[Host], question: &Message) -> Message {
    let mut answer = Message::response(question.metadata.id, OpCode::Query);
    let query = question.queries[0].clone();
    let asked = query.name().clone();
    let is = |name: Name| name.to_ascii().eq_ignore_ascii_case(&asked.to_ascii());
    let host = hosts.iter().find(|host| {
        let address: IpAddr = host.address.parse().unwrap();
        is(address.into()) || !host.name.is_empty() && is(Name::from_ascii(host.name).unwrap())
    });
    let data = match (host, query.query_type()) {
        (Some(host), RecordType::PTR) if host.name.is_empty() => {
            answer.metadata.response_code = ResponseCode::ServFail;
            None
        }
        (Some(host), RecordType::PTR) => {
            Some(RData::PTR(PTR(Name::from_ascii(host.name).unwrap())))
        }
        (Some(host), kind) => {
            let address: IpAddr = host.leads_to.parse().unwrap();
            Some(RData::from(address)).filter(|data| data.record_type() == kind)
        }
        (None, _) => {
            answer.metadata.response_code = ResponseCode::NXDomain;
            None
        }
    };
    answer.add_query(query);
    if let Some(data) = data {
        answer.add_answer(Record::from_rdata(asked, 60, data));
    }
    answer
}
