import Foundation
import Netlink
import NetnsHarness
import NetworkState
import TestSupport
import Testing

/// `weft forward` against the kernel.
@Suite(.namespaces, .tunDevice)
struct UDPForwardingTests {
    private let hosts: ForwardingNetwork

    init() throws {
        hosts = try ForwardingNetwork()
    }

    /// The IPv4 packets of ICMP that `capture` sees first, from the IP header on; `offset` is where that is.
    private func packets(
        _ capture: inout PacketSocket, count: Int, headerLength offset: Int, where isWanted: ([UInt8]) -> Bool
    ) throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        let deadline = MonotonicTime.now + .seconds(5)
        while found.count < count, let frame = try capture.receive(until: deadline) {
            let packet = Array(frame.bytes.dropFirst(offset))
            if packet.count >= 20, isWanted(packet) { found.append(packet) }
        }
        try #require(found.count == count)
        return found
    }

    @Test func `on the wire is the inner packet in UDP between the ports 8285, and nothing else`() throws {
        let (a, b) = (try hosts.startForwarder(on: "a"), try hosts.startForwarder(on: "b"))
        var leaving = try PacketSocket.open(on: "flannel0", in: hosts.network["a"].namespace)
        var wire = try PacketSocket.open(on: "eth0", in: hosts.network["b"].namespace)
        var arriving = try PacketSocket.open(on: "flannel0", in: hosts.network["b"].namespace)
        var container = try PacketSocket.open(on: "eth0", in: hosts.network["b1"].namespace)
        #expect(try hosts.ping(from: "a1", to: "172.17.9.2"))

        let isRequest = { (packet: [UInt8]) in packet[9] == 1 && packet[20] == 8 }
        let inner = try packets(&leaving, count: 1, headerLength: 0, where: isRequest)[0]
        let outer = try packets(&wire, count: 1, headerLength: 14) { $0[9] == 17 }[0]
        let out = try packets(&arriving, count: 1, headerLength: 0, where: isRequest)[0]
        let last = try packets(&container, count: 1, headerLength: 14, where: isRequest)[0]

        // The container's host has taken one hop, and each forwarder and the other host take one more.
        #expect([inner, Array(outer.dropFirst(28)), out, last].map { $0[8] } == [63, 62, 61, 60])
        #expect(aged(inner, by: 1) == Array(outer.dropFirst(28)))
        #expect(aged(inner, by: 2) == out)
        let length = 28 + inner.count
        #expect(Array(outer[0..<4]) == [0x45, 0, UInt8(length >> 8), UInt8(length & 0xff)])
        #expect(Array(outer[12..<20]) == [192, 168, 100, 100, 192, 168, 100, 101])
        // 8285 is 0x205d.
        #expect(Array(outer[20..<24]) == [0x20, 0x5d, 0x20, 0x5d])
        #expect(outer[24...25].elementsEqual([UInt8((length - 20) >> 8), UInt8((length - 20) & 0xff)]))
        #expect(outer.count == length)
        withExtendedLifetime((a, b)) {}
    }

    /// A packet some hops later, with its checksum made anew.
    private func aged(_ packet: [UInt8], by hops: UInt8) -> [UInt8] {
        var packet = packet
        packet[8] -= hops
        packet.replaceSubrange(10..<12, with: [0, 0])
        var sum = stride(from: 0, to: 20, by: 2).reduce(0) { $0 + Int(packet[$1]) << 8 + Int(packet[$1 + 1]) }
        while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
        packet.replaceSubrange(10..<12, with: [UInt8(~sum >> 8 & 0xff), UInt8(~sum & 0xff)])
        return packet
    }

    @Test func `datagrams of strangers and garbage of peers are counted, and the next ping passes`() throws {
        let a = try hosts.startForwarder(on: "a")
        let b = try hosts.startForwarder(on: "b")
        #expect(try hosts.ping(from: "a1", to: "172.17.9.2"))
        try hosts.send(["00", "45000014"], from: "b", port: 4444)
        b.signal(SIGTERM)
        #expect(b.exitStatus() == 0)
        #expect(try b.counters(onLine: 1)["delivered"] ?? 0 >= 1)
        // Cut short, of no version, shorter than its version's header, and a whole packet for 10.1.2.3.
        let elsewhere = "45000014000000004011b9c2ac1109020a010203"
        try hosts.send(
            ["45", String(repeating: "ff", count: 1400), "60" + String(repeating: "0", count: 30)]
                + [elsewhere], from: "b", port: 8285)
        let again = try hosts.startForwarder(on: "b")
        #expect(try hosts.ping(from: "a1", to: "172.17.9.2"))
        a.signal(SIGUSR1)
        let counters = try a.counters(onLine: 1)
        #expect(counters["unknownPeer"] == 2)
        #expect(counters["malformed"] == 3)
        #expect(counters["notLocal"] == 1)
        #expect(counters["sendError"] == 0)
        a.signal(SIGTERM)
        #expect(a.exitStatus() == 0)
        #expect(try a.counters(onLine: 2)["unknownPeer"] == 2)
        withExtendedLifetime(again) {}
    }

    @Test(arguments: [
        // Hops that the packet may take, who says that they were too few, and what.
        (1, "172.17.8.0", "11 0"), (2, "172.17.9.0", "11 0"),
    ])
    func `who runs out of hops in a tunnel is told so by that tunnel's end`(
        _ hops: Int, _ router: String, _ typeAndCode: String
    ) throws {
        let (a, b) = (try hosts.startForwarder(on: "a"), try hosts.startForwarder(on: "b"))
        // The first hop is the container's own host.
        #expect(try answer(to: "172.17.9.2", timeToLive: hops + 1) == "\(router) \(typeAndCode)")
        withExtendedLifetime((a, b)) {}
    }

    @Test func `who asks for an address that no host has is told that there is no such network`() throws {
        let a = try hosts.startForwarder(on: "a")
        #expect(try answer(to: "172.17.77.1", timeToLive: 64) == "172.17.8.0 3 0")
        withExtendedLifetime(a) {}
    }

    /// Who answers a datagram from `a1` by ICMP, and its type and code.
    private func answer(to destination: String, timeToLive: Int) throws -> String {
        let script = """
            import socket
            errors = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
            errors.settimeout(5)
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, \(timeToLive))
            s.sendto(b"x" * 32, ("\(destination)", 33434))
            packet, sender = errors.recvfrom(2000)
            print(sender[0], packet[20], packet[21])
            """
        let finished = try run(["nsenter", "--net=\(hosts.network["a1"].path)", "python3", "-"], input: script)
        return finished.lines.first ?? finished.errors
    }

    @Test func `a peer that the topology has lost is forgotten on SIGHUP, and a broken topology is not taken`() throws {
        let (a, b) = (try hosts.startForwarder(on: "a"), try hosts.startForwarder(on: "b"))
        #expect(try hosts.ping(from: "a1", to: "172.17.9.2"))
        try hosts.writeTopology("{")
        a.signal(SIGHUP)
        #expect(eventually { a.errorText.contains("error") })
        #expect(try hosts.ping(from: "a1", to: "172.17.9.2"))
        try hosts.writeTopology(ForwardingNetwork.lonelyTopology)
        a.signal(SIGHUP)
        #expect(try answer(to: "172.17.9.2", timeToLive: 64) == "172.17.8.0 3 0")
        try hosts.writeTopology(ForwardingNetwork.wholeTopology)
        a.signal(SIGHUP)
        #expect(try hosts.ping(from: "a1", to: "172.17.9.2"))
        withExtendedLifetime((a, b)) {}
    }

    @Test func `a forwarder ends with the process that has started it, however that one ends`() throws {
        let command = hosts.command(host: "a").joined(separator: " ")
        // nsenter becomes weft, so that its parent is the shell.
        let shell = try ForwarderProcess(["sh", "-c", "\(command) --attached-to $$ & wait"])
        try shell.awaitLine("forwarding between flannel0 and 192.168.100.100 port 8285")
        #expect(try hosts.isAttached("a"))
        shell.signal(SIGKILL)
        #expect(try eventually { try !hosts.isAttached("a") })
    }

    @Test func `one whose parent is another process already does not start`() throws {
        // Its parent is the shell, whose own parent is this process.
        let command = hosts.command(host: "a").joined(separator: " ")
        let finished = try run([
            "timeout", "10", "sh", "-c", "\(command) --attached-to $(cut -d ' ' -f 4 /proc/$$/stat); echo $?",
        ])
        #expect(finished.output == "0\n")
        #expect(finished.errors.isEmpty)
    }

    @Test func `a link that goes away ends its forwarder, which says so`() throws {
        let a = try hosts.startForwarder(on: "a")
        try hosts.network.run(in: "a", "ip link delete flannel0")
        #expect(a.exitStatus() == 1)
        #expect(a.errorText.contains("read from the TUN link: File descriptor in bad state"))
        let second = try run(hosts.command(host: "a"))
        #expect(second.status == 1)
        #expect(second.errors.contains("attach to TUN link 'flannel0': No such device"))
    }

    @Test func `two forwarders do not share a link`() throws {
        let a = try hosts.startForwarder(on: "a")
        let second = try run(hosts.command(host: "a"))
        #expect(second.status == 1)
        #expect(second.errors.contains("attach to TUN link 'flannel0': Device or resource busy"))
        withExtendedLifetime(a) {}
    }

    @Test func `a topology that the kernel forwards by itself needs no forwarder`() throws {
        try hosts.writeTopology(ForwardingNetwork.wholeTopology.replacing("flannel-udp", with: "flannel-vxlan"))
        let finished = try run(hosts.command(host: "a"))
        #expect(finished.status == 1)
        #expect(finished.errors.contains("the encapsulation is 'vxlan'"))
    }
}
