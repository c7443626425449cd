import Netlink
import NetworkState

/// Why a probe was not answered, as far as anyone said so.
enum ProbeCause: Hashable, Sendable {
    case silence
    /// It never left; the errno.
    case notSent(Int32)
    /// A TCP connection ended before the answer; the errno, or 0 if the other side just closed it.
    case disconnected(Int32)
    /// An ICMP error, or the machine's own.
    case error(SocketErrorReport)
    case answeredFrom(IPAddress)
    case answeredBy(String)

    var text: String {
        switch self {
        case .silence: "no answer"
        case .notSent(let code): Self.text(notSent: code)
        case .disconnected(let code): Self.text(disconnected: code)
        case .error(let report): Self.text(report)
        case .answeredFrom(let address): "answered from \(address) instead"
        case .answeredBy(let node): "answered by \(node) instead"
        }
    }

    private static func text(_ report: SocketErrorReport) -> String {
        let sender = report.offender.map { " from \(IPAddress($0))" } ?? ""
        switch report.origin {
        case .local: return text(notSent: report.errno)
        case .icmp: return "\(words(icmp: report))\(sender) (ICMP \(report.type)/\(report.code))"
        case .icmp6: return "\(words(icmp6: report))\(sender) (ICMPv6 \(report.type)/\(report.code))"
        }
    }

    private static func text(disconnected code: Int32) -> String {
        switch code {
        case 0: "connection closed"
        case Errno.connectionRefused: "connection refused"
        case Errno.connectionReset: "connection reset"
        default: Errno.text(code)
        }
    }

    /// A route's type is the errno that sending along it fails with (`fib_props` in net/ipv4/fib_semantics.c).
    private static func text(notSent code: Int32) -> String {
        switch code {
        case Errno.invalidArgument: "not sent: blackhole route"
        case Errno.permissionDenied, Errno.notPermitted: "not sent: prohibited here"
        case Errno.networkUnreachable: "not sent: no route"
        case Errno.hostUnreachable: "not sent: host unreachable"
        case Errno.noBufferSpace: "not sent: no buffer space; the neighbour table may be full (gc_thresh3)"
        default: "not sent: \(Errno.text(code))"
        }
    }

    /// RFC 792, RFC 1812 §5.2.7.
    private static func words(icmp report: SocketErrorReport) -> String {
        switch (report.type, report.code) {
        case (3, 0): "network unreachable"
        case (3, 1): "host unreachable"
        case (3, 2): "protocol unreachable"
        case (3, 3): "port unreachable"
        case (3, 4): "fragmentation needed, MTU \(report.info)"
        case (3, 9), (3, 10), (3, 13): "administratively prohibited"
        case (3, _): "destination unreachable"
        case (11, 0): "time to live exceeded"
        case (11, _): "reassembly time exceeded"
        case (12, _): "parameter problem"
        default: "ICMP error"
        }
    }

    /// RFC 4443 §3.
    private static func words(icmp6 report: SocketErrorReport) -> String {
        switch (report.type, report.code) {
        case (1, 0): "no route"
        case (1, 1): "administratively prohibited"
        case (1, 3): "address unreachable"
        case (1, 4): "port unreachable"
        case (1, 5): "source address prohibited"
        case (1, 6): "route rejected"
        case (1, _): "destination unreachable"
        case (2, _): "packet too big, MTU \(report.info)"
        case (3, 0): "hop limit exceeded"
        case (3, _): "reassembly time exceeded"
        case (4, _): "parameter problem"
        default: "ICMPv6 error"
        }
    }
}

extension IPAddress {
    init(_ address: SocketAddress) {
        self.init(family: address.family == .v4 ? .v4 : .v6, bits: address.bits)
    }
}

extension SocketAddress {
    init(_ address: IPAddress, port: UInt16 = 0) {
        self.init(address.family == .v4 ? .v4 : .v6, bits: address.bits, port: port)
    }
}
