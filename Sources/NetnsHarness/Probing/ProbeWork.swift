import Compiler
import Netlink
import NetworkState

/// What one run of many probes has to do, and how threads share it.
struct ProbeWork: Sendable {
    /// Fewer are not worth a second thread.
    private static let probesPerThread = 1_000
    /// Of one node in one thread's run, beside its namespace.
    private static let socketsPerNode = 8
    /// What a thread's connections need to keep it busy.
    private static let connectionDescriptors = 1_024

    let nodes: [ProbeNode]
    let probes: Packed<Probe>
    /// The nodes of each probe.
    let sources: SmallIndices
    let targets: SmallIndices
    let patience: ProbePatience
    let nonce: UInt64
    /// Whether it is to be known afterwards which connection was whose.
    let keepsFlows: Bool
    let firstIdentifier = UInt16.random(in: 0 ... .max)

    init(
        _ probes: Packed<Probe>, among nodes: [ProbeNode], patience: ProbePatience, nonce: UInt64,
        keepsFlows: Bool = false
    ) {
        self.nodes = nodes
        self.probes = probes
        self.patience = patience
        self.nonce = nonce
        self.keepsFlows = keepsFlows
        let indices = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0) })
        // Of all that the numbers of ends tell, whether one of these probes has it or not.
        let senders = (0..<UInt32(probes.senderCount)).map { indices[probes.sender($0)] }
        let receivers = (0..<UInt32(probes.targetCount)).map { probes.target($0).name.flatMap { indices[$0] } }
        sources = SmallIndices(probes.indices.lazy.map { Self.known(senders[Int(probes.ends(at: $0).from)]) })
        targets = SmallIndices(probes.indices.lazy.map { Self.known(receivers[Int(probes.ends(at: $0).target)]) })
    }

    private static func known(_ index: Int?) -> Int {
        guard let index else { preconditionFailure("a probe between nodes that are not there") }
        return index
    }

    /// Each thread's probes, by index: one share, or two where there is enough to do and enough descriptors.
    ///
    /// A node's probes are one thread's, so that no socket gets answers to another's questions. What goes to a port that is
    /// prescribed is the first thread's, since a port can be bound once.
    func shares(forThreads threads: Int, descriptorLimit: Int) -> [SmallIndices] {
        let needed = 2 * (nodes.count * (Self.socketsPerNode + 2) + Self.connectionDescriptors)
        guard threads > 1, probes.count >= 2 * Self.probesPerThread, needed <= descriptorLimit else {
            return [SmallIndices(probes.indices)]
        }
        var prescribed: Set<Int> = []
        for (index, source) in sources.enumerated() where probes.port(at: index) != nil { prescribed.insert(source) }
        var shares = [SmallIndices(), SmallIndices()]
        for (index, source) in sources.enumerated() {
            shares[prescribed.contains(source) ? 0 : source % 2].append(index)
        }
        return shares.filter { !$0.isEmpty }
    }

    /// Notes the outcomes of all probes in their order, from the results of each share; these are in order too.
    func note(_ results: [ProbeRun.Results], in outcomes: inout Packed<ProbeOutcome>) {
        var places = results.map { _ in 0 }
        for index in probes.indices {
            guard
                let share = results.indices.first(where: {
                    places[$0] < results[$0].share.count && results[$0].share[places[$0]] == index
                })
            else { continue }
            outcomes.append(results[share].outcome(at: places[share], of: self))
            places[share] += 1
        }
    }
}
