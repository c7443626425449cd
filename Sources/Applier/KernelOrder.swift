package import NetworkState

/// In which order a kernel takes many routes best, where it does not matter otherwise.
///
/// Ascending destinations have its trie rebalance again and again: in the order of their reversed bits, routes are removed
/// in a third of the time. And of new routes it searches the next hops of their link one by one (`fib_find_info` in
/// net/ipv4/fib_semantics.c), from the latest on: those over one gateway come together.
package enum KernelOrder {
    /// In smaller plans one would not notice, and would have to look for what was refused first.
    package static let fewest = 1000

    /// The places of `changes`, each run of routes that do not depend on each other in the kernel's order.
    package static func places(of changes: [Change]) -> [Int] { places(in: changes.indices) { changes[$0] } }

    /// The same of those that `change` tells the places of.
    static func places(in all: Range<Int>, _ change: (Int) -> Change) -> [Int] {
        guard all.count >= fewest else { return Array(all) }
        var order: [Int] = []
        order.reserveCapacity(all.count)
        var rest = all
        while let first = rest.first {
            let isAddition = change(first).before == nil
            let keys = rest.mapUntilNil { change($0).kernelKey(isAddition: isAddition) }
            if keys.isEmpty {
                order.append(first)
            } else {
                order += keys.indices.sorted { keys[$0] < keys[$1] }.map { first + $0 }
            }
            rest = rest.dropFirst(max(keys.count, 1))
        }
        return order
    }
}

extension Executor {
    /// The steps of `group`, in ``KernelOrder``.
    func inKernelOrder(_ group: Range<Int>) -> [Int] {
        KernelOrder.places(in: group) { steps[$0].change }
    }
}

extension Sequence {
    /// What `transform` makes of the first elements, up to where it makes nothing.
    fileprivate func mapUntilNil<Value>(_ transform: (Element) -> Value?) -> [Value] {
        var values: [Value] = []
        for element in self {
            guard let value = transform(element) else { break }
            values.append(value)
        }
        return values
    }
}

extension Change {
    /// The place of a new IPv4 route by a gateway, or of one that goes, among others: none of them leads to the gateway of
    /// another (`fib_check_nh` in net/ipv4/fib_semantics.c has gateways on a link).
    fileprivate func kernelKey(isAddition: Bool) -> UInt64? {
        guard before == nil || after == nil, (before == nil) == isAddition, case .route(let route) = resource,
            route.otherNextHops.isEmpty, let gateway = route.nextHop.gateway, gateway.family == .v4,
            route.destination.family == .v4,
            route.scope == .global
        else { return nil }
        let place = UInt64(route.destination.address.reversedBits)
        // A next-hop object is found at once.
        if route.form.object != nil { return place }
        return isAddition ? UInt64(gateway.reversedBits) << 32 | place : place
    }
}

extension IPAddress {
    /// Of an IPv4 address.
    fileprivate var reversedBits: UInt32 {
        var bits = UInt32(truncatingIfNeeded: bits)
        bits = (bits >> 1 & 0x5555_5555) | (bits & 0x5555_5555) << 1
        bits = (bits >> 2 & 0x3333_3333) | (bits & 0x3333_3333) << 2
        bits = (bits >> 4 & 0x0f0f_0f0f) | (bits & 0x0f0f_0f0f) << 4
        return bits.byteSwapped
    }
}
