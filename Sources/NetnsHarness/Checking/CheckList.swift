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

    var isEmpty: Bool {
        probes.isEmpty && passages.isEmpty && gateways.isEmpty && mtus.isEmpty && deliveries.isEmpty
    }

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
