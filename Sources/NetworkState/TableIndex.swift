/// Where in an array of its own each entry of a ``Table`` is, by its hash: open addressing, in four bytes a slot.
@usableFromInline
struct TableIndex: Sendable {
    /// With no more than these it is not worth having one.
    @usableFromInline static let leastCount = 8
    @inlinable static var free: UInt32 { 0 }
    @inlinable static var left: UInt32 { .max }

    /// Free, left, or the place in the array and one; as many as a power of two.
    @usableFromInline var slots: [UInt32]
    /// How many are not free.
    private var usedCount = 0

    /// With room for as many again.
    @usableFromInline init(count: Int, hash: (_ place: Int) -> Int) {
        var capacity = 4 * Self.leastCount
        while capacity < count * 4 { capacity *= 2 }
        slots = Array(repeating: Self.free, count: capacity)
        for place in 0..<count { put(place, hash(place)) }
    }

    /// False if there is no room for it.
    @usableFromInline mutating func insert(_ place: Int, hash: Int) -> Bool {
        if usedCount >= slots.count / 2 { return false }
        put(place, hash)
        return true
    }

    private mutating func put(_ place: Int, _ hash: Int) {
        var slot = hash & (slots.count - 1)
        while slots[slot] != Self.free { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(place + 1)
        usedCount += 1
    }

    /// The place for which `isHere` is true, of those that may have that hash.
    @inlinable func find(hash: Int, _ isHere: (Int) -> Bool) -> Int? {
        var slot = hash & (slots.count - 1)
        while slots[slot] != Self.free {
            if slots[slot] != Self.left, isHere(Int(slots[slot]) - 1) { return Int(slots[slot]) - 1 }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    @usableFromInline mutating func remove(_ place: Int, hash: Int) { set(place, hash, Self.left) }

    @usableFromInline mutating func move(_ place: Int, to successor: Int, hash: Int) {
        set(place, hash, UInt32(successor + 1))
    }

    private mutating func set(_ place: Int, _ hash: Int, _ value: UInt32) {
        var slot = hash & (slots.count - 1)
        while slots[slot] != UInt32(place + 1) { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = value
    }
}
