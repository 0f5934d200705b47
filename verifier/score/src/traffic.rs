/// How much came from where by the time a token is assessed: plain numbers, which whoever asks has counted. All 0 says that
/// nothing was counted, and accuses nobody.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Traffic {
    /// Assessed tokens of the same page in the last ten minutes, this one included.
    pub page: f32,
    /// The same in the last ten seconds.
    pub page_burst: f32,
    /// Assessments for the same account in the last ten minutes, this one included; 0 if the backend named none.
    pub account: f32,
    /// The same in the last ten seconds.
    pub account_burst: f32,
    /// The same in the last hour.
    pub account_hour: f32,
    /// The agent's requests from the visitor's IPv4 address or IPv6 /64.
    pub address: Rate,
    /// The agent's requests from the IPv4 /24 or IPv6 /48 around it.
    pub network: Rate,
}

/// Requests in the last minute, and in an ordinary one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rate {
    /// In the last minute.
    pub per_minute: f32,
    /// In an ordinary minute of the same source; 0 if nothing was counted.
    pub ordinary: f32,
}

impl Rate {
    /// Whether the last minute had `times` as much as an ordinary one.
    pub(crate) fn exceeds(self, times: f32) -> bool {
        self.ordinary > 0.0 && self.per_minute >= times * self.ordinary
    }
}
