import Compiler
import NetworkState

/// What to find out about a lab at one time, and what it should come to.
struct CheckList: Sendable {
    /// Where something is expected: by an expectation's place, or nil where it follows from the topology.
    typealias Origin = JSONPointer?

    /// The way of one packet and its answer.
    struct Passage: Hashable, Sendable {
        let from: String
        let to: String
        let address: IPAddress
        /// Nil where nothing is said of it.
        let there: [PathElement]?
        let back: [PathElement]?
        let encapsulation: NetworkModel.Encapsulation?
        let pathOrigin: Origin
        let encapsulationOrigin: Origin
    }

    struct Gateway: Hashable, Sendable {
        let inquiry: GatewayAsker.Inquiry
        /// Nil where anyone will do, as long as it is one alone.
        let expected: MACAddress?
        let origin: Origin
    }

    struct MTU: Hashable, Sendable {
        let from: String
        let to: String
        let address: IPAddress
        let expected: UInt32
        /// Whether nothing larger may leave the sender itself.
        let isOfOwnLink: Bool
        let origin: Origin
    }

    struct Delivery: Hashable, Sendable {
        let from: String
        let to: String
        let address: IPAddress
        /// In bytes.
        let size: Int
        let origin: Origin
    }

    var probes: [Probe] = []
    var passages: [Passage] = []
    var gateways: [Gateway] = []
    var mtus: [MTU] = []
    var deliveries: [Delivery] = []

    /// Who sends to whom, by name, as often as they do.
    var pairs: [(from: String, to: String)] {
        probes.map { ($0.from, $0.to) } + passages.map { ($0.from, $0.to) } + mtus.map { ($0.from, $0.to) }
            + deliveries.map { ($0.from, $0.to) }
    }

    /// What several expectations speak of is looked at once.
    mutating func removeRepetitions() {
        probes = probes.uniqued
        passages = passages.uniqued
        gateways = gateways.uniqued
        mtus = mtus.uniqued
        deliveries = deliveries.uniqued
    }
}

extension CheckList {
    /// Those of its entries that came to what they should.
    func keeping(_ result: CheckRound.Result) -> CheckList {
        let wrong = Set(
            result.checks.filter { $0.status != .passed }.map {
                Place(kind: $0.kind, from: $0.from, to: $0.to, address: $0.address)
            })
        func holds(_ kinds: CheckKind..., from: String, to: String? = nil, address: IPAddress) -> Bool {
            !kinds.contains { wrong.contains(Place(kind: $0, from: from, to: to, address: address)) }
        }
        var list = CheckList(probes: result.outcomes.filter(\.isAsExpected).map(\.probe))
        list.passages = passages.filter { holds(.path, .encapsulation, from: $0.from, to: $0.to, address: $0.address) }
        list.gateways = gateways.filter { holds(.gateway, from: $0.inquiry.node, address: $0.inquiry.gateway) }
        list.mtus = mtus.filter { holds(.mtu, from: $0.from, to: $0.to, address: $0.address) }
        list.deliveries = deliveries.filter { holds(.bulk, from: $0.from, to: $0.to, address: $0.address) }
        return list
    }

    private struct Place: Hashable {
        let kind: CheckKind
        let from: String
        let to: String?
        let address: IPAddress?
    }

    /// What is left once these nodes have gone.
    func without(_ nodes: Set<String>) -> CheckList {
        if nodes.isEmpty { return self }
        var list = CheckList()
        list.probes = probes.filter {
            !nodes.contains($0.from) && !nodes.contains($0.to) && !nodes.contains($0.port?.host ?? "")
        }
        list.passages = passages.filter { !nodes.contains($0.from) && !nodes.contains($0.to) }
        list.gateways = gateways.filter { !nodes.contains($0.inquiry.node) }
        list.mtus = mtus.filter { !nodes.contains($0.from) && !nodes.contains($0.to) }
        list.deliveries = deliveries.filter { !nodes.contains($0.from) && !nodes.contains($0.to) }
        return list
    }
}
