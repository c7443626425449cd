import Compiler
import Foundation
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// What a lab's links saw, read back by Wireshark.
@Suite(.namespaces, .tshark)
struct PacketCaptureTests {
    private static let fields = [
        "frame.interface_name", "frame.time_epoch", "frame.len", "frame.cap_len", "frame.packet_flags_direction",
        "eth.src", "eth.dst", "ip.src", "ip.dst", "ip.ttl", "ipv6.src", "ipv6.dst", "ipv6.hlim",
    ]

    /// All frames of a lab while its containers ask each other, by every protocol.
    private func recording(_ lab: Lab, length: Int = Tap.standardLength) throws -> Recording {
        let nodes = lab.topology.probeNodes.filter { $0.host != nil }
        let tap = try Tap(on: lab.nodes.map(\.name), in: lab.directory, length: length)
        let namespaces = try lab.directory.hold(nodes.map(\.name))
        return try withExtendedLifetime(namespaces) {
            let prober = try Prober(nodes: nodes, namespaces: namespaces.descriptors)
            let probes = try lab.crossings()
            return try tap.record { () throws(SystemError) in try prober.run(probes) }.recording
        }
    }

    private func read(_ capture: PacketCapture, _ fields: [String]) throws -> [[String]] {
        let folder = try TemporaryFolder()
        try Data(capture.bytes).write(to: folder.file("lab.pcapng"))
        return try Tshark.read(folder.file("lab.pcapng"), fields)
    }

    @Test(arguments: ["calico-two-hosts", "flannel-vxlan-dual-stack", "calico-ipv6"])
    func `Wireshark reads of every frame what was seen of it`(_ topology: String) throws {
        try TestLab.with(TopologyFile(topology)) { lab in
            let recording = try recording(lab)
            let rows = try read(PacketCapture(recording), Self.fields)
            #expect(recording.entries.count > 20)
            #expect(rows == recording.entries.map { $0.row(recording.wallClockLead) })
        }
    }

    @Test(.tunDevice) func `links without Ethernet are interfaces of raw IP`() throws {
        try TestLab.with(TopologyFile("flannel-udp")) { lab in
            let recording = try recording(lab)
            #expect(recording.entries.contains { !$0.frame.isEthernet })
            let rows = try read(PacketCapture(recording), Self.fields)
            #expect(rows == recording.entries.map { $0.row(recording.wallClockLead) })
        }
    }

    @Test func `of a long frame the beginning is kept, and how long it was`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            let recording = try recording(lab, length: 60)
            let rows = try read(PacketCapture(recording), ["frame.len", "frame.cap_len"])
            #expect(rows.contains(["106", "60"]), "an echo request of 64 bytes")
            #expect(rows == recording.entries.map { ["\($0.frame.length)", "\(min(60, $0.frame.length))"] })
        }
    }

    @Test func `a capture and a frame carry their comments, and the times are those of the wall clock`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            let before = Date().timeIntervalSince1970
            let recording = try recording(lab)
            let first = try #require(recording.entries.first)
            var capture = PacketCapture(recording, comment: "A1 reaches B1")
            capture.append(first, wallClockLead: recording.wallClockLead, comment: "once more: 再")
            let rows = try read(capture, ["frame.comment", "frame.time_epoch"])
            #expect(rows.last?[0] == "once more: 再")
            #expect(rows.dropLast().allSatisfy { $0[0].isEmpty })
            let times = rows.compactMap { Double($0[1]) }
            #expect(times.allSatisfy { $0 > before - 0.1 && $0 < Date().timeIntervalSince1970 + 0.1 })
        }
    }

    @Test func `what is taken piece by piece is the same file`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            let recording = try recording(lab)
            var capture = PacketCapture(snapLength: recording.snapLength)
            var bytes = capture.takeBytes()
            for entry in recording.entries {
                capture.append(entry, wallClockLead: recording.wallClockLead)
                bytes += capture.takeBytes()
            }
            #expect(capture.takeBytes().isEmpty)
            #expect(bytes == PacketCapture(recording).bytes)
        }
    }
}

extension Lab {
    /// From the first container of each host to the first of each other.
    fileprivate func crossings() throws -> [Probe] {
        let ends = topology.hosts.compactMap(\.containers.first)
        return ends.flatMap { from in
            ends.filter { $0.name != from.name }.flatMap { to in
                to.addresses.flatMap { address in
                    ProbeProtocol.allCases.map { Probe(from: from.name, to: to.name, address: address, protocol: $0) }
                }
            }
        }
    }
}

extension Recording.Entry {
    /// What tshark has to say of it.
    fileprivate func row(_ lead: Int64) -> [String] {
        let time = frame.time.nanoseconds + lead
        let fraction = String(time % 1_000_000_000 + 1_000_000_000).dropFirst()
        let ethernet = frame.isEthernet ? Frame(decoding: frame.bytes) : nil
        var packet = frame.isEthernet ? nil : Packet(decoding: frame.bytes)
        if case .ip(let carried) = ethernet?.payload { packet = carried }
        var words = [
            "\(node):\(link)", "\(time / 1_000_000_000).\(fraction)", "\(frame.length)", "\(frame.bytes.count)",
        ]
        words.append(frame.direction == .incoming ? "0x00000001" : "0x00000002")
        words += [ethernet?.source.description ?? "", ethernet?.destination.description ?? ""]
        let ends = packet.map { ["\($0.source)", "\($0.destination)", "\($0.timeToLive)"] } ?? ["", "", ""]
        let none = ["", "", ""]
        return words + (packet?.source.family == .v4 ? ends + none : none + ends)
    }
}
