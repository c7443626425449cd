import CLinux
import Glibc

/// The memory for a batch of packets, made once: they are received into it, changed there, and sent from there.
@safe
package struct PacketBatch: ~Copyable {
    package static let capacity = 64
    /// As long as an IP packet or a datagram can be.
    private static let slotSize = 65_536
    /// Slots whose distance is a power of two would all begin in the same few lines of the processor's cache.
    private static let stride = slotSize + 192
    private static let nameSize = 32

    private let slots: UnsafeMutablePointer<UInt8>
    private let names: UnsafeMutableRawPointer
    private let vectors: UnsafeMutablePointer<iovec>
    let receiving: UnsafeMutablePointer<clinux_mmsghdr>
    let sending: UnsafeMutablePointer<clinux_mmsghdr>
    /// How many headers of ``sending`` are filled in.
    var queued = 0

    package init() {
        let count = Self.capacity
        unsafe slots = .allocate(capacity: Self.stride * count)
        // Names and vectors twice: those of what is received, and those of what is to be sent.
        unsafe names = .allocate(byteCount: Self.nameSize * count * 2, alignment: 16)
        unsafe vectors = .allocate(capacity: count * 2)
        unsafe receiving = .allocate(capacity: count)
        unsafe sending = .allocate(capacity: count)
        unsafe names.initializeMemory(as: UInt8.self, repeating: 0, count: Self.nameSize * count * 2)
        for index in 0..<count {
            unsafe (slots + index * Self.stride).initialize(repeating: 0, count: 64)
            for place in [index, count + index] {
                unsafe (vectors + place).initialize(to: iovec(iov_base: slot(index), iov_len: Self.slotSize))
            }
            unsafe (receiving + index).initialize(to: header(index))
            unsafe (sending + index).initialize(to: header(count + index))
        }
    }

    deinit {
        unsafe slots.deallocate()
        unsafe names.deallocate()
        unsafe vectors.deallocate()
        unsafe receiving.deallocate()
        unsafe sending.deallocate()
    }

    private func header(_ place: Int) -> clinux_mmsghdr {
        var header = unsafe clinux_mmsghdr()
        unsafe header.msg_hdr.msg_name = names + place * Self.nameSize
        unsafe header.msg_hdr.msg_namelen = socklen_t(Self.nameSize)
        unsafe header.msg_hdr.msg_iov = vectors + place
        unsafe header.msg_hdr.msg_iovlen = 1
        return unsafe header
    }

    func slot(_ index: Int) -> UnsafeMutablePointer<UInt8> {
        precondition((0..<Self.capacity).contains(index), "no such slot")
        return unsafe slots + index * Self.stride
    }

    var slotSize: Int { Self.slotSize }

    /// Lends packet `index`'s whole slot, longer than the packet, to be read and changed.
    package mutating func withSlot<Value>(_ index: Int, _ body: (inout MutableSpan<UInt8>) -> Value) -> Value {
        var span = unsafe MutableSpan(_unsafeStart: slot(index), count: Self.slotSize)
        return body(&span)
    }

    /// Puts the first `length` bytes of packet `index` into the queue for `peer`.
    package mutating func enqueue(_ index: Int, length: Int, to peer: SocketAddress) {
        precondition(queued < Self.capacity && length <= Self.slotSize, "the queue holds a batch")
        let place = Self.capacity + queued
        unsafe vectors[place].iov_base = UnsafeMutableRawPointer(slot(index))
        unsafe vectors[place].iov_len = length
        unsafe sending[queued].msg_hdr.msg_namelen = peer.store(in: names + place * Self.nameSize)
        queued += 1
    }
}

extension SocketAddress {
    /// Writes the address as the socket calls take it and returns its size; `memory` has room for either family.
    fileprivate func store(in memory: UnsafeMutableRawPointer) -> socklen_t {
        unsafe memory.storeBytes(of: UInt16(family.domain), as: UInt16.self)
        unsafe memory.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
        switch family {
        case .v4:
            unsafe memory.storeBytes(of: UInt32(truncatingIfNeeded: bits).bigEndian, toByteOffset: 4, as: UInt32.self)
            return socklen_t(MemoryLayout<sockaddr_in>.size)
        case .v6:
            unsafe memory.storeBytes(of: 0, toByteOffset: 4, as: UInt32.self)
            unsafe memory.storeBytes(of: bits.bigEndian, toByteOffset: 8, as: UInt128.self)
            unsafe memory.storeBytes(of: 0, toByteOffset: 24, as: UInt32.self)
            return socklen_t(MemoryLayout<sockaddr_in6>.size)
        }
    }
}
