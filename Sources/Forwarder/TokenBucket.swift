package import Netlink

/// Lets so many pass in a second, and a few more at once: RFC 4443 §2.4 (f) has every sender of ICMP errors hold back,
/// and recommends this.
package struct TokenBucket: Sendable {
    private let nanosecondsPerToken: Int64
    private let capacity: Int64
    private var tokens: Int64
    private var filled: MonotonicTime

    /// As the kernel has it for itself by default: `icmp_msgs_per_sec` and `icmp_msgs_burst` of ip-sysctl.rst.
    package init(perSecond: Int64 = 1000, burst: Int64 = 50, at now: MonotonicTime) {
        nanosecondsPerToken = 1_000_000_000 / perSecond
        capacity = burst
        tokens = burst
        filled = now
    }

    /// Takes one, if there is one.
    package mutating func take(at now: MonotonicTime) -> Bool {
        let earned = (now.nanoseconds - filled.nanoseconds) / nanosecondsPerToken
        if earned > 0 {
            tokens = min(capacity, tokens + earned)
            filled = MonotonicTime(nanoseconds: filled.nanoseconds + earned * nanosecondsPerToken)
        }
        guard tokens > 0 else { return false }
        tokens -= 1
        return true
    }
}
