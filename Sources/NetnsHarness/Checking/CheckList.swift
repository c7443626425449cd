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
    var pairs: [(from: String, to: String)] { probes.pairs + passages.pairs + mtus.pairs + deliveries.pairs }

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
        var list = CheckList(probes: result.outcomes.filter(\.isAsExpected).map(\.probe))
        list.passages = passages.filter { holds(.path, .encapsulation, of: $0) }
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
        list.probes = probes.without(nodes).filter { !nodes.contains($0.port?.host ?? "") }
        list.passages = passages.without(nodes)
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

extension Array where Element: Sent {
    fileprivate var pairs: [(from: String, to: String)] { map { ($0.from, $0.to) } }

    fileprivate func without(_ nodes: Set<String>) -> [Element] {
        filter { !nodes.contains($0.from) && !nodes.contains($0.to) }
    }
}
