import Applier
import Compiler
import Netlink
import NetworkState

/// The pairs that an event must not cost a packet, with a thousand packets a second between them while it happens.
struct LossWatch {
    private struct Pair {
        let from: String
        let to: String
        let address: IPAddress
    }

    private let lab: Lab
    private let event: ValidTopology.Event
    private let pairs: [Pair]

    init(_ lab: Lab, _ event: ValidTopology.Event) {
        self.lab = lab
        self.event = event
        let all = lab.topology.probeNodes
        let statements = Statements(event.lossless, nodes: all)
        let nodes = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
        pairs = event.lossless.flatMap(statements.pairs).flatMap { from, to -> [Pair] in
            guard let source = nodes[from], let target = nodes[to] else { return [] }
            return target.addresses.filter { address in source.addresses.contains { $0.family == address.family } }
                .map { Pair(from: from, to: to, address: $0) }
        }
    }

    /// What came of each pair's packets while `body` did its work; it begins once all of them get through.
    func during(_ body: () throws(ApplyError) -> Void) throws(ApplyError) -> [PacketStream.Tally] {
        if pairs.isEmpty {
            try body()
            return []
        }
        let sources = pairs.map(\.from).uniqued
        let places = Dictionary(uniqueKeysWithValues: sources.enumerated().map { ($1, $0) })
        let namespaces = try systems { () throws(SystemError) in try lab.directory.hold(sources) }
        let ways = pairs.map { PacketStream.Way(from: places[$0.from] ?? 0, to: $0.address) }
        do {
            return try withExtendedLifetime(namespaces) {
                try PacketStream.run(ways, in: namespaces.descriptors) { stream in
                    stream.awaitFirstAnswers(within: .seconds(5))
                    try body()
                }
            }
        } catch let error as SystemError {
            throw .system(error, .unchanged)
        } catch let error as ApplyError {
            throw error
        } catch {
            preconditionFailure("an error of another kind: \(error)")
        }
    }

    func checks(_ tallies: [PacketStream.Tally], place: SourcePlace?) -> [Check] {
        zip(pairs, tallies).map { pair, tally in
            Check(
                kind: .loss, from: pair.from, to: pair.to, address: pair.address, protocol: .icmp,
                expected: "no loss", observed: tally.text,
                status: tally.sent > 0 && tally.lost == 0 ? .passed : .failed,
                event: event.name, place: place)
        }
    }
}

extension PacketStream.Tally {
    /// `0 of 1200 lost`, `31 of 1200 lost, 30.8 ms of silence`
    fileprivate var text: String {
        "\(lost) of \(sent) lost" + (lost == 0 ? "" : ", \(longestSilence.text) without an answer at the longest")
    }
}
