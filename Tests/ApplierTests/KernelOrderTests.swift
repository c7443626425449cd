import Applier
import NetworkState
import TestSupport
import Testing

struct KernelOrderTests {
    /// Links' own routes, those over their gateways, and others that go, as a planner has them.
    private static func changes(_ count: UInt32) throws -> [Change] {
        func route(_ number: UInt32, via gateway: IPAddress?) throws -> Resource {
            let destination = try #require(IPPrefix(IPAddress(v4: 0x0a00_0000 + number << 8), length: 24))
            return .route(Route(destination, via: gateway, device: "eth0", scope: gateway == nil ? .link : .global))
        }
        let gateway = { (number: UInt32) in IPAddress(v4: 0xc0a8_0000 + number % 7) }
        return try (0..<20).map { Change(in: .own, from: nil, to: try route(count * 2 + $0, via: nil)) }
            + (0..<count).map { Change(in: .own, from: nil, to: try route($0, via: gateway($0))) }
            + (0..<count).map { Change(in: .own, from: try route(count + $0, via: gateway($0)), to: nil) }
    }

    @Test func `each change is made once, and none in another's turn that it may depend on`() throws {
        let count = KernelOrder.fewest
        let changes = try Self.changes(UInt32(count))
        let order = KernelOrder.places(of: changes)
        #expect(order.sorted() == Array(changes.indices))
        #expect(Array(order.prefix(20)) == Array(0..<20))
        #expect(Set(order[20..<20 + count]) == Set(20..<20 + count))
    }

    @Test func `new routes over one gateway come together`() throws {
        let count = KernelOrder.fewest
        let changes = try Self.changes(UInt32(count))
        let gateways = KernelOrder.places(of: changes)[20..<20 + count].compactMap { place in
            if case .route(let route) = changes[place].resource { route.nextHop.gateway } else { nil }
        }
        #expect(zip(gateways, gateways.dropFirst()).filter { $0 != $1 }.count == 6)
    }

    @Test func `few changes are made in the order of the plan`() throws {
        let changes = try Self.changes(100)
        #expect(KernelOrder.places(of: changes) == Array(changes.indices))
    }
}
