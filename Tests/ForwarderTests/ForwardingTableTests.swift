import Forwarder
import Netlink
import NetworkState
import Testing

struct ForwardingTableTests {
    private func table(_ peers: [(String, [String])], local: [String] = []) -> ForwardingTable {
        ForwardingTable(
            UDPOverlay(
                device: LinkName(known: "flannel0"), port: 8285, node: address("192.0.2.1"), addresses: [],
                local: local.map(prefix),
                peers: peers.map { UDPOverlay.Peer(node: address($0), prefixes: $1.map(prefix)) }))
    }

    private func peer(_ text: String) -> ForwardingTable.Destination {
        .peer(SocketAddress(address(text), port: 8285))
    }

    @Test(arguments: [
        ("172.17.9.2", "192.0.2.9"), ("172.17.9.7", "192.0.2.10"), ("172.17.9.0", "192.0.2.9"),
        ("172.17.9.255", "192.0.2.9"), ("172.17.200.1", "192.0.2.11"), ("172.18.0.1", nil), ("fd00:9::1", "192.0.2.9"),
        ("fd00:9:0:1::1", nil), ("::", nil), ("0.0.0.0", nil),
    ])
    func `the longest prefix that holds an address decides`(_ destination: String, _ node: String?) {
        let table = table([
            ("192.0.2.11", ["172.17.0.0/16"]), ("192.0.2.9", ["172.17.9.0/24", "fd00:9::/64"]),
            ("192.0.2.10", ["172.17.9.7/32"]),
        ])
        #expect(table[address(destination)] == node.map(peer))
    }

    @Test func `a prefix of no length holds every address of its family, and none of the other`() {
        let four = table([("192.0.2.9", ["0.0.0.0/0"])])
        #expect(four[address("255.255.255.255")] == peer("192.0.2.9"))
        #expect(four[address("::1")] == nil)
        let six = table([("192.0.2.9", ["::/0"])])
        #expect(six[address("ffff::1")] == peer("192.0.2.9"))
        #expect(six[address("1.2.3.4")] == nil)
    }

    @Test func `what is local is told from what a peer has borrowed of it`() {
        let table = table([("192.0.2.9", ["172.17.8.7/32"])], local: ["172.17.8.0/24"])
        #expect(table[address("172.17.8.6")] == .local)
        #expect(table[address("172.17.8.7")] == peer("192.0.2.9"))
    }

    @Test func `a peer is known by its address and port together`() {
        let table = table([("192.0.2.9", ["172.17.9.0/24"])])
        #expect(table.hasPeer(SocketAddress(address("192.0.2.9"), port: 8285)))
        #expect(!table.hasPeer(SocketAddress(address("192.0.2.9"), port: 8286)))
        #expect(!table.hasPeer(SocketAddress(address("192.0.2.8"), port: 8285)))
        #expect(!table.hasPeer(SocketAddress(address("::c000:209"), port: 8285)))
    }

    @Test(arguments: 0..<20)
    func `a look-up finds what trying every prefix finds`(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var peers: [(String, [String])] = []
        for index in 0..<30 {
            let length = Int(generator.next() % 33)
            let base = IPAddress(v4: 0x0a00_0000 | UInt32(truncatingIfNeeded: generator.next() & 0xfff))
            guard let prefix = IPPrefix(base, length: length)?.network else { continue }
            if peers.contains(where: { $0.1 == [prefix.description] }) { continue }
            peers.append(("192.0.2.\(index)", [prefix.description]))
        }
        let table = table(peers)
        for _ in 0..<500 {
            let wanted = IPAddress(v4: 0x0a00_0000 | UInt32(truncatingIfNeeded: generator.next() & 0x1fff))
            let best = peers.filter { prefix($0.1[0]).contains(wanted) }.max {
                prefix($0.1[0]).length < prefix($1.1[0]).length
            }
            #expect(table[wanted] == best.map { peer($0.0) })
        }
    }
}
