import Compiler
import Netlink
package import NetworkState

/// What an apply may have to bring about to be kept.
package enum ConfirmationCondition: Hashable, Sendable, CustomStringConvertible {
    /// The host gets an answer from this address (ICMP echo).
    case reach(IPAddress)

    /// Reads `reach:ADDRESS`.
    package init?(parsing text: String) {
        guard text.hasPrefix("reach:"), let address = IPAddress(parsing: String(text.dropFirst("reach:".count)))
        else { return nil }
        self = .reach(address)
    }

    package var description: String {
        switch self {
        case .reach(let address): "reach:\(address)"
        }
    }
}

extension [ConfirmationCondition] {
    /// How long one answer may take.
    private static let patience = ProbePatience(forAnswer: [.milliseconds(500)], forSilence: [.milliseconds(500)])

    /// Whether all of them hold now, seen from `namespace`.
    func hold(in namespace: borrowing NetworkNamespace) throws(SystemError) -> Bool {
        let own = "own"
        let addresses = map { condition in
            switch condition {
            case .reach(let address): address
            }
        }
        // Who is asked has no namespace here, and an echo request needs none of its own.
        let nodes = [ProbeNode(name: own, addresses: [])] + addresses.map { ProbeNode(name: "\($0)", addresses: [$0]) }
        let prober = try Prober(
            nodes: nodes, namespaces: Array<Int32>(repeating: namespace.descriptor.rawValue, count: nodes.count))
        let probes = addresses.map { Probe(from: own, to: "\($0)", address: $0, protocol: .icmp) }
        return try prober.run(probes, patience: Self.patience).allSatisfy(\.isReachable)
    }
}
