import Compiler
import NetworkState

@testable import NetnsHarness

/// What the machines themselves say of a packet that got no further, as far as they say anything: by an error of the sender's
/// own, or by ICMP.
struct ObservedEnding {
    /// Each with the words of who said so.
    private var said: [(dispositions: [String], words: String)] = []

    private static let noRoute = Disposition.noRoute.word
    private static let unreachable = Disposition.neighbourUnreachable.word
    private static let filtered = Disposition.filtered.word

    init(_ outcome: ProbeOutcome, _ journey: Journey) {
        if outcome.isReachable { return }
        if let cause = outcome.cause, let dispositions = Self.dispositions(notSent: cause) {
            said.append((dispositions, cause))
        }
        for sighting in journey.sightings where sighting.leg == .error {
            guard case .icmp(let type, let code, _, _) = sighting.packet.transport,
                let dispositions = Self.dispositions(sighting.packet.source.family, type, code)
            else { continue }
            said.append((dispositions, "ICMP \(type)/\(code) from \(sighting.packet.source)"))
        }
    }

    /// Of question and answer one must end so.
    func contradiction(of prediction: Prediction) -> String? {
        // A question from an address that its node does not have is one that no probe asks: the kernel gives it another.
        if prediction.there.nodes.isEmpty, prediction.ending.disposition == .filtered, prediction.ending.decider == nil
        {
            return nil
        }
        let predicted = [prediction.there.disposition.word, prediction.back?.disposition.word].compactMap(\.self)
        let other = said.first { $0.dispositions.allSatisfy { !predicted.contains($0) } }
        return other.map { "\(predicted.joined(separator: " and ")) predicted, \($0.words) seen" }
    }

    /// A route's type is the errno that sending along it fails with (`fib_props` in net/ipv4/fib_semantics.c).
    private static func dispositions(notSent cause: String) -> [String]? {
        switch cause {
        case "not sent: blackhole route": [Disposition.blackholed.word]
        case "not sent: no route": [noRoute]
        case "not sent: host unreachable": [noRoute, unreachable]
        case "not sent: prohibited here": [noRoute, filtered]
        default: nil
        }
    }

    /// RFC 792, RFC 1812 §5.2.7, RFC 4443 §3. Nil for what tells of something else, as redirects do.
    private static func dispositions(_ family: IPAddress.Family, _ type: UInt8, _ code: UInt8) -> [String]? {
        switch (family, type, code) {
        case (.v4, 11, 0), (.v6, 3, 0): [Disposition.loop.word]
        case (.v4, 3, 4), (.v6, 2, _): [Disposition.tooBig(mtu: nil).word]
        case (.v4, 3, 0), (.v6, 1, 0): [noRoute]
        case (.v4, 3, 1), (.v6, 1, 3): [noRoute, unreachable]
        case (.v4, 3, 13), (.v6, 1, 1): [noRoute, filtered]
        default: nil
        }
    }
}
