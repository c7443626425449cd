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

    var probes = Packed<Probe>()
    var passages = Packed<Passage>()
    var gateways: [Gateway] = []
    var mtus: [MTU] = []
    var deliveries: [Delivery] = []

    /// Tells who sends to whom, by name, as often as they do.
    func forEachPair(_ body: (_ from: String, _ to: String) -> Void) {
        tell(probes, body)
        tell(passages, body)
        for mtu in mtus { body(mtu.from, mtu.to) }
        for delivery in deliveries { body(delivery.from, delivery.to) }
    }

    private func tell(_ sent: Packed<some Packable>, _ body: (String, String) -> Void) {
        sent.forEachEnds { ends in
            if let to = sent.target(ends.target).name { body(sent.sender(ends.from), to) }
        }
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
        func holds(_ kinds: CheckKind..., of sent: some Sent) -> Bool {
            !kinds.contains { wrong.contains(Place(kind: $0, from: sent.from, to: sent.to, address: sent.address)) }
        }
        var list = CheckList(probes: Packed(result.outcomes.lazy.filter(\.isAsExpected).map(\.probe)))
        list.passages = Packed(passages.lazy.filter { holds(.path, .encapsulation, of: $0) })
        list.gateways = gateways.filter {
            !wrong.contains(Place(kind: .gateway, from: $0.inquiry.node, to: nil, address: $0.inquiry.gateway))
        }
        list.mtus = mtus.filter { holds(.mtu, of: $0) }
        list.deliveries = deliveries.filter { holds(.bulk, of: $0) }
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
        list.probes = Packed(probes.without(nodes).filter { !nodes.contains($0.port?.host ?? "") })
        list.passages = Packed(passages.without(nodes))
        list.gateways = gateways.filter { !nodes.contains($0.inquiry.node) }
        list.mtus = mtus.without(nodes)
        list.deliveries = deliveries.without(nodes)
        return list
    }
}

/// What one node sends to an address of another's.
private protocol Sent {
    var from: String { get }
    var to: String { get }
    var address: IPAddress { get }
}

extension Probe: Sent {}
extension CheckList.Passage: Sent {}
extension CheckList.MTU: Sent {}
extension CheckList.Delivery: Sent {}

extension Collection where Element: Sent {
    fileprivate func without(_ nodes: Set<String>) -> [Element] {
        filter { !nodes.contains($0.from) && !nodes.contains($0.to) }
    }
}
