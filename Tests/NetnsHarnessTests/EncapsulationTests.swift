import NetnsHarness
import NetworkState
import Testing

struct EncapsulationTests {
    private static let ethernet: [UInt8] = [
        0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, 0x08, 0x00,
    ]
    private static let echo = ipv4(1, [172, 17, 8, 2], [172, 17, 9, 2], [8, 0, 0, 0, 0, 1, 0, 2])

    private static func ipv4(
        _ number: UInt8, _ source: [UInt8], _ destination: [UInt8], _ payload: [UInt8], fragment: UInt8 = 0
    ) -> [UInt8] {
        [0x45, 0, 0, UInt8(20 + payload.count), 0, 1, 0, fragment, 63, number, 0, 0] + source + destination + payload
    }

    private static func udp(_ port: UInt16, _ payload: [UInt8]) -> [UInt8] {
        [0xc0, 0, UInt8(port >> 8), UInt8(port & 0xff), 0, UInt8(8 + payload.count), 0, 0] + payload
    }

    /// Between the hosts.
    private static func outer(_ number: UInt8, _ payload: [UInt8], fragment: UInt8 = 0) -> [UInt8] {
        ethernet + ipv4(number, [192, 168, 100, 100], [192, 168, 100, 101], payload, fragment: fragment)
    }

    private static func vxlan(_ id: UInt8, _ frame: [UInt8], flags: UInt8 = 0x08) -> [UInt8] {
        [flags, 0, 0, 0, 0, 0, id, 0] + frame
    }

    private func read(_ bytes: [UInt8]) throws -> Encapsulation {
        try #require(Frame(decoding: bytes)).encapsulation()
    }

    private func isEcho(_ packet: Packet?) -> Bool {
        packet?.source == address("172.17.8.2") && packet?.destination == address("172.17.9.2")
            && packet?.transport == .icmp(type: 8, code: 0, identifier: 1, sequence: 2)
    }

    @Test func `a packet that goes as it is has no layers`() throws {
        let plain = try read(Self.ethernet + Self.echo)
        #expect(plain.layers.isEmpty)
        #expect(isEcho(plain.packet))
    }

    @Test(arguments: [
        (outer(17, udp(4789, vxlan(77, ethernet + echo))), Tunnel.vxlan(id: 77, port: 4789)),
        (outer(17, udp(8472, vxlan(1, ethernet + echo))), .vxlan(id: 1, port: 8472)),
        (outer(4, echo), .ipip),
        (outer(17, udp(8285, echo)), .udp(port: 8285)),
    ])
    func `a tunnel is told by what carries, and its content is read`(_ bytes: [UInt8], _ tunnel: Tunnel) throws {
        let encapsulation = try read(bytes)
        #expect(encapsulation.tunnels == [tunnel])
        #expect(encapsulation.layers.first?.outer.source == address("192.168.100.100"))
        #expect(encapsulation.layers.first?.outer.destination == address("192.168.100.101"))
        #expect(isEcho(encapsulation.packet))
    }

    @Test func `a tunnel in a tunnel is two layers, the outermost first`() throws {
        let inner = Self.outer(4, Self.echo)
        let encapsulation = try read(Self.outer(17, Self.udp(4789, Self.vxlan(9, inner))))
        #expect(encapsulation.tunnels == [.vxlan(id: 9, port: 4789), .ipip])
        #expect(isEcho(encapsulation.packet))
    }

    @Test func `what VXLAN carries need not be IP`() throws {
        let other: [UInt8] = Self.ethernet.dropLast(2) + [0x88, 0xcc, 1]
        let encapsulation = try read(Self.outer(17, Self.udp(4789, Self.vxlan(9, other))))
        #expect(encapsulation.tunnels == [.vxlan(id: 9, port: 4789)])
        #expect(encapsulation.content == .other(etherType: 0x88cc))
        #expect(encapsulation.packet == nil)
    }

    @Test(arguments: [
        outer(17, udp(4788, vxlan(77, ethernet + echo))),
        outer(17, udp(4789, vxlan(77, ethernet + echo, flags: 0))),
        outer(17, udp(4789, vxlan(77, Array((ethernet + echo).dropLast())))),
        outer(17, udp(4789, [8, 0, 0])),
        outer(17, udp(8285, Array(echo.dropLast()))),
        outer(17, udp(8285, [])),
        outer(4, Array(echo.dropLast())),
        outer(4, echo, fragment: 3),
    ])
    func `what only looks like a tunnel is content`(_ bytes: [UInt8]) throws {
        let encapsulation = try read(bytes)
        #expect(encapsulation.layers.isEmpty)
        #expect(encapsulation.packet?.source == address("192.168.100.100"))
    }

    @Test func `ports are the caller's to say`() throws {
        let frame = try #require(Frame(decoding: Self.outer(17, Self.udp(9999, Self.echo))))
        #expect(frame.encapsulation().layers.isEmpty)
        #expect(frame.encapsulation(TunnelPorts(vxlan: [], udp: [9999])).tunnels == [.udp(port: 9999)])
    }
}
