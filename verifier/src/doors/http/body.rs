/// Largest body of a request to `/v1` and siteverify: 256 KiB.
pub const MAX_API_BODY: usize = 256 * 1024;
/// Largest body that the agent's endpoints read: 64 KiB, several times what an agent sends.
pub const MAX_AGENT_BODY: usize = 64 * 1024;
/// Largest body that holds the answer to a question: 8 KiB. The pending token in it is 1.8 KB of text.
pub const MAX_ANSWER_BODY: usize = 8 * 1024;
