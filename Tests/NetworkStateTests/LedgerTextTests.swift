import NetworkState
import TestSupport
import Testing

struct LedgerTextTests {
    private static func text(of ledger: Ledger) -> [UInt8] {
        let (bytes, hash) = ledger.hashedText
        return Array("{\n  \"digest\": \"\(hash)\",".utf8) + bytes.dropFirst()
    }

    private static func route(_ generator: inout SeededGenerator) throws -> Route {
        let family: IPAddress.Family = Bool.random(using: &generator) ? .v4 : .v6
        func address(_ generator: inout SeededGenerator) -> IPAddress {
            IPAddress(family: family, bits: UInt128.random(in: 0..<1 << UInt128(family.width - 1), using: &generator))
        }
        func maybe<Value>(_ generator: inout SeededGenerator, _ value: Value) -> Value? {
            Bool.random(using: &generator) ? value : nil
        }
        let length = Int.random(in: 0...family.width, using: &generator)
        let kind = try #require(Route.Kind(rawValue: UInt8.random(in: 1...10, using: &generator)))
        let destination = try #require(IPPrefix(address(&generator), length: length)).network
        let (gateway, source) = (address(&generator), address(&generator))
        var route = Route(
            destination, kind: maybe(&generator, kind) ?? .unicast, via: maybe(&generator, gateway),
            device: maybe(&generator, LinkName(known: "eth\(length)")), isOnLink: Bool.random(using: &generator),
            scope: maybe(&generator, .link) ?? Scope(rawValue: UInt8.random(in: 0...255, using: &generator)),
            protocol: RouteProtocol(rawValue: UInt8.random(in: 1...255, using: &generator)),
            preferredSource: maybe(&generator, source),
            table: maybe(&generator, UInt32.random(in: 1..<1000, using: &generator)) ?? Route.mainTable,
            tos: maybe(&generator, 8) ?? 0,
            metric: maybe(&generator, UInt32.random(in: 0...UInt32.max, using: &generator)),
            mtu: maybe(&generator, 1400))
        route.isToldInPart = Bool.random(using: &generator)
        if Int.random(in: 0..<8, using: &generator) == 0 {
            route.otherNextHops = [Route.NextHop(gateway: gateway, device: .loopback)]
        }
        return route
    }

    static func ledger(seed: UInt64) throws -> Ledger {
        var generator = SeededGenerator(seed: seed)
        func state(_ generator: inout SeededGenerator) throws -> HostState {
            var state = HostState()
            for place in [Netns.own, .named("A1")] {
                for _ in 0..<20 { state.insert(.route(try route(&generator)), in: place) }
            }
            state.insert(.sysctl(Sysctl("net/ipv4/ip_forward", "1")), in: .own)
            state.insert(
                .link(Link(name: LinkName(known: "br0"), kind: .bridge, mtu: 1400, alias: "weft:t/A", isUp: true)),
                in: .own)
            state.insert(
                .neighbour(
                    Neighbour(IPAddress(v4: 1), device: LinkName(known: "eth0"), linkLayerAddress: MACAddress(bits: 7))),
                in: .own)
            return state
        }
        var ledger = Ledger(topology: "t", host: "A", entries: try state(&generator))
        ledger.former = try state(&generator)
        ledger.namespaces = ["A1", "A2"]
        if seed % 2 == 0 { ledger.earlier = [try state(&generator)] }
        return ledger
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a ledger's text is its JSON, laid out otherwise`(_ seed: UInt64) throws {
        let ledger = try Self.ledger(seed: seed)
        let line = ledger.json.line
        let (bytes, hash) = ledger.hashedText
        #expect(hash == stableHash(line))
        #expect(String(decoding: bytes.filter { $0 > UInt8(ascii: " ") }, as: UTF8.self) == line)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a ledger is read as it was written, and how it is laid out does not matter`(_ seed: UInt64) throws {
        let ledger = try Self.ledger(seed: seed)
        let text = Self.text(of: ledger)
        #expect(Ledger(asWritten: text) { "\($0)" } == ledger)
        #expect(Ledger(asWritten: text.filter { $0 > UInt8(ascii: " ") }) { "\($0)" } == ledger)
    }

    @Test func `a ledger of which a byte is another, missing or one too many is not read`() throws {
        let text = Self.text(of: try Self.ledger(seed: 1))
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            let place = Int.random(in: 0..<text.count, using: &generator)
            guard text[place] > UInt8(ascii: " ") else { continue }
            var (other, shorter, longer) = (text, text, text)
            other[place] ^= 1 << UInt8.random(in: 0..<7, using: &generator)
            shorter.remove(at: place)
            longer.insert(text[place], at: place)
            for wrong in [other, shorter, longer, Array(text[..<place])] {
                #expect(Ledger(asWritten: wrong) { "\($0)" } == nil)
            }
        }
    }
}
