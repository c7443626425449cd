import Applier
import ArgumentParser
import Netlink
import NetnsHarness
import NetworkState

struct LabCaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract: "See what passes a lab's links, as text or for Wireshark.",
        discussion: """
            Goes on until it is interrupted, and tells on standard error how many frames there were, and how many it had no \
            room for. Example: weft lab capture demo A:eth0 -w - | wireshark -k -i -
            """
    )

    @Argument(help: "The lab.")
    var lab: String

    @Argument(help: "Nodes, or single links of nodes as NODE:LINK; by default every node but the switches.")
    var places: [String] = []

    @Option(
        name: .customShort("w"),
        help: "Write pcapng to this file, or with - to standard output, instead of a line for each frame.",
        completion: .file())
    var file: String?

    @Option(help: "End after so many frames.")
    var count: Int?

    @Option(name: .customLong("for"), help: "End after this time, as 10s.")
    var time: DurationArgument?

    @Option(name: .customLong("snaplen"), help: "Keep so many bytes of each frame.")
    var snapLength = 65_535

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count takes a number from 1") }
        if !(1...262_144).contains(snapLength) { throw ValidationError("--snaplen takes a number from 1 to 262144") }
    }

    func run() throws {
        let record = try runningLab(lab)
        let places = try CapturePlaces(places, in: record)
        let signals = try reporting { () throws(SystemError) in try SignalQueue() }
        let output = try reporting { () throws(SystemError) in
            guard let file, file != "-" else { return try StreamOutput.standard() }
            return try StreamOutput.file(file)
        }
        let switches = try standingLab(record).switchLinks
        let tap = try reporting(needing: .privileges) { () throws(SystemError) in
            try Tap(on: places.nodes, in: NetnsDirectory(), switches: switches, length: snapLength)
        }
        try places.checkLinks(tap)
        let capture = try reporting { () throws(SystemError) in
            var capture = try LiveCapture.open(tap, links: places.links, limit: count ?? .max)
            try write(&capture, signals, output)
            return Tally(frames: capture.count, losses: capture.losses)
        }
        Terminal.note("\(capture.frames) frames captured, \(capture.losses) lost for want of room")
    }

    private struct Tally {
        let frames: Int
        let losses: Int
    }

    private func write(
        _ capture: inout LiveCapture, _ signals: borrowing SignalQueue, _ output: borrowing StreamOutput
    ) throws(SystemError) {
        let deadline = time.map { MonotonicTime.now + $0.duration }
        guard file != nil else {
            var start: MonotonicTime?
            return try capture.run(until: deadline, or: signals, to: output) { entry, _ in
                let first = start ?? entry.frame.time
                start = first
                return Array((entry.line(since: first) + "\n").utf8)
            }
        }
        var packets = PacketCapture(snapLength: snapLength, comment: "weft lab \(lab)")
        // Whoever reads it as it comes waits for its beginning.
        guard try output.write(packets.takeBytes(), hurriedBy: signals) == .written else { return }
        try capture.run(until: deadline, or: signals, to: output) { entry, lead in
            packets.append(entry, wallClockLead: lead)
            return packets.takeBytes()
        }
    }
}

/// The nodes and links to see, as a user names them.
private struct CapturePlaces {
    let nodes: [String]
    /// The only ones of some nodes.
    let links: [String: Set<String>]

    /// Exits with 64 if the lab has no such node.
    init(_ places: [String], in record: LabRecord) throws {
        let known = record.nodes.compactMap { $0["name"]?.string }
        var nodes: [String] = []
        var (links, whole) = ([String: Set<String>](), Set<String>())
        for place in places {
            let parts = place.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            try checkName(parts[0], among: known, "lab '\(record.name)' has no node '\(parts[0])'")
            if !nodes.contains(parts[0]) { nodes.append(parts[0]) }
            if parts.count > 1 { links[parts[0], default: []].insert(parts[1]) } else { whole.insert(parts[0]) }
        }
        let standard = record.nodes.filter { $0["kind"]?.string != "switch" }.compactMap { $0["name"]?.string }
        self.nodes = places.isEmpty ? standard : nodes
        self.links = links.filter { !whole.contains($0.key) }
    }

    /// Exits with 64 if a node has no such link.
    func checkLinks(_ tap: Tap) throws {
        for (node, links) in links.sorted(by: { $0.key < $1.key }) {
            for link in links.sorted() where !tap.sees(link, of: node) {
                var applier = Applier(HostNamespaces(own: .named(node)))
                let state = try converging { () throws(ApplyError) in
                    try applier.observe(HostState([.own: NamespaceState()]))
                }
                let known = (state.namespaces[.own]?.links.sorted ?? []).map(\.name.text).filter {
                    tap.sees($0, of: node)
                }
                try checkName(link, among: known, "\(node) has no link '\(link)'")
            }
        }
    }
}
