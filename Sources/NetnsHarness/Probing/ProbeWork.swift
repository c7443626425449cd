import Compiler
import Netlink
import NetworkState

/// What one run of many probes has to do, and how threads share it.
struct ProbeWork: Sendable {
    /// Fewer are not worth a second thread.
    private static let probesPerThread = 1_000
    /// What a thread's connections need to keep it busy.
    private static let connectionDescriptors = 1_024
    /// What the process has besides.
    private static let otherDescriptors = 128

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
        let room = connectionDescriptors(ofThreads: 2, descriptorLimit: descriptorLimit)
        guard threads > 1, probes.count >= 2 * Self.probesPerThread, room >= Self.connectionDescriptors else {
            return [SmallIndices(probes.indices)]
        }
        var prescribed: Set<Int> = []
        if hasPorts {
            for (index, source) in sources.enumerated() where probes.port(at: index) != nil {
                prescribed.insert(source)
            }
        }
        var shares = [SmallIndices(), SmallIndices()]
        for (index, source) in sources.enumerated() {
            shares[prescribed.contains(source) ? 0 : source % 2].append(index)
        }
        return shares.filter { !$0.isEmpty }
    }

    /// Whether something may go to a port that is prescribed.
    var hasPorts: Bool { (0..<UInt32(probes.restCount)).contains { probes.rest($0).port != nil } }

    /// What each thread's connections may hold, beside the namespaces, which are held twice, and the sockets of its nodes.
    func connectionDescriptors(ofThreads threads: Int, descriptorLimit: Int) -> Int {
        (descriptorLimit - nodes.count * 2 - Self.otherDescriptors) / threads - nodes.count * socketsPerNode
    }

    /// At most so many in one thread's run: who asks by UDP answers by another, and ICMP's answers are the kernel's.
    private var socketsPerNode: Int {
        let protocols = Set((0..<UInt32(probes.restCount)).map { probes.rest($0).protocol })
        let families = Set((0..<UInt32(probes.targetCount)).compactMap { probes.target($0).address?.family })
        return families.count * (protocols.count + (protocols.contains(.udp) ? 1 : 0))
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
