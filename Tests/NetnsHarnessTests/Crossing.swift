import Compiler
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// Two hosts of a lab and a container on each: what of theirs is on the wire, and how it should be there.
struct Crossing: CustomStringConvertible {
    let lab: Lab
    let from: ValidTopology.Host
    let to: ValidTopology.Host

    var description: String { "\(lab.topology.name), \(from.name) to \(to.name)" }

    init(_ lab: Lab, from: Int, to: Int) {
        self.lab = lab
        self.from = lab.topology.hosts[from]
        self.to = lab.topology.hosts[to]
    }

    /// Of the first three hosts with containers each pair, one way: packets and answers go both ways.
    static func samplePairs(of topology: ValidTopology) -> [(Int, Int)] {
        let hosts = topology.hosts.indices.filter { !topology.hosts[$0].containers.isEmpty }.prefix(3)
        return hosts.flatMap { from in hosts.filter { $0 > from }.map { (from, $0) } }
    }

    // MARK: What the topology declares

    private var source: ValidTopology.Container { from.containers[0] }
    private var target: ValidTopology.Container { to.containers[0] }

    /// Both ways, in every family that the two containers have in common.
    var directions: [(source: IPAddress, destination: IPAddress)] {
        source.addresses.flatMap { own in
            target.addresses.filter { $0.family == own.family }.flatMap { [(own, $0), ($0, own)] }
        }
    }

    private var isDirect: Bool {
        let model = lab.topology.model
        let shared = Set(from.uplinks.map(\.segment)).intersection(to.uplinks.map(\.segment))
        return model.encapsulation == .none || model.when == .crossSubnet && !shared.isEmpty
    }

    /// Calico's and Flannel's numbers, as their documentation has them.
    private var tunnel: Tunnel? {
        if isDirect { return nil }
        return switch (lab.topology.model.encapsulation, lab.topology.model.attachment) {
        case (.vxlan, .routed): .vxlan(id: 4096, port: 4789)
        case (.vxlan, .bridged): .vxlan(id: 1, port: 8472)
        case (.ipip, _): .ipip
        case (.udp, _): .udp(port: 8285)
        case (.none, _), (.isolated, _): nil
        }
    }

    /// The hosts' own addresses, as the tunnel's packets should have them.
    private var nodes: [IPAddress] {
        [from, to].compactMap { host in
            let addresses = host.uplinks.flatMap { $0.addresses.map(\.address) }
            return addresses.first { $0.family == .v4 } ?? addresses.first
        }
    }

    // MARK: What is seen

    var probes: [Probe] {
        target.addresses.filter { address in source.addresses.contains { $0.family == address.family } }
            .flatMap { address in
                ProbeProtocol.allCases.map {
                    Probe(from: source.name, to: target.name, address: address, protocol: $0)
                }
            }
    }

    func capture() throws -> PacketSocket {
        let uplink = try #require(from.uplinks.first)
        return try PacketSocket.open(on: uplink.name.text, in: try lab.directory.open(from.name))
    }

    /// Has one host ping the other, and gives all frames up to the answer: it is the known frame that shows that
    /// nothing was missed.
    func framesUpToPing(_ capture: inout PacketSocket) throws -> [Encapsulation] {
        let probe = Probe(from: from.name, to: to.name, address: nodes[1], protocol: .icmp)
        try lab.expectAnswers(to: [probe])
        var frames: [Encapsulation] = []
        let deadline = MonotonicTime.now + .seconds(5)
        while let captured = try capture.receive(until: deadline) {
            guard let frame = Frame(decoding: captured.bytes)?.encapsulation() else { continue }
            if frame.layers.isEmpty, let packet = frame.packet, packet.source == nodes[1],
                packet.destination == nodes[0], case .icmp(let type, _, _, _) = packet.transport,
                type == 0 || type == 129
            {
                return frames
            }
            frames.append(frame)
        }
        Issue.record("\(self): the hosts' own ping was not seen")
        return frames
    }

    /// The containers' packets that go another way than declared, and every tunnel that is none of the topology's.
    func strangers(among frames: [Encapsulation]) -> [Encapsulation] {
        frames.filter { frame in
            let isContainers = directions.contains {
                frame.packet?.source == $0.source && frame.packet?.destination == $0.destination
            }
            return isContainers ? !isAsDeclared(frame) : !frame.layers.isEmpty
        }
    }

    private func isAsDeclared(_ frame: Encapsulation) -> Bool {
        guard frame.tunnels == [tunnel].compactMap(\.self) else { return false }
        guard let outer = frame.layers.first?.outer, let inner = frame.packet else { return true }
        let isForward = source.addresses.contains(inner.source)
        let ends = isForward ? nodes : nodes.reversed()
        return outer.source == ends[0] && outer.destination == ends[1]
    }

    // MARK: What should not be

    /// Sends a packet between the containers' addresses in a datagram of another kind than is declared, from one host to
    /// the other, and tells which.
    func injectStranger() throws -> Tunnel {
        let (from, to) = directions[0]
        let packet = udpPacket(from: from, to: to)
        let isUDP = lab.topology.model.encapsulation == .udp
        let stranger: Tunnel = isUDP ? .vxlan(id: 77, port: 4789) : .udp(port: 8285)
        let etherType: [UInt8] = from.family == .v4 ? [0x08, 0x00] : [0x86, 0xdd]
        let frame = [8, 0, 0, 0, 0, 0, 77, 0] + [UInt8](repeating: 2, count: 12) + etherType + packet
        let bytes = (isUDP ? frame : packet).map { "\\x" + String($0, radix: 16) }.joined()
        // dd, because printf by itself would send a datagram for each newline's number.
        try lab.script(
            in: self.from.name,
            "printf '\(bytes)' | dd bs=9000 iflag=fullblock status=none > /dev/udp/\(nodes[1])/\(isUDP ? 4789 : 8285)")
        return stranger
    }

    private func udpPacket(from: IPAddress, to: IPAddress) -> [UInt8] {
        let datagram: [UInt8] = [0x30, 0x39, 0x30, 0x39, 0, 8, 0, 0]
        return switch from.family {
        case .v4: [0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0] + from.bytes + to.bytes + datagram
        case .v6: [0x60, 0, 0, 0, 0, 8, 17, 64] + from.bytes + to.bytes + datagram
        }
    }
}
