import CLinux

/// Requests that share a send, end to end in one buffer.
///
/// The kernel carries out all of them, in order, within the one system call; a refused one does not stop the rest.
package struct MessageBatch: Sendable {
    /// More in one send gain nothing (measured).
    private static let maximumCount = 200
    private static let maximumBytes = 64 * 1024

    private(set) var bytes: [UInt8] = []
    private var starts: [Int] = []

    package init() {}

    package var count: Int { starts.count }
    package var isEmpty: Bool { starts.isEmpty }

    /// Whether it fills a send.
    package var isFull: Bool { count >= Self.maximumCount || bytes.count >= Self.maximumBytes }

    package mutating func append(_ message: Message) {
        starts.append(bytes.count)
        bytes += message.bytes
        bytes.store(UInt32(message.bytes.count), at: bytes.count - message.bytes.count)
    }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
    }

    /// Its requests, divided into as many sends as they need.
    func sends(ofAtMost count: Int) -> [Range<Int>] {
        let maximumCount = min(count, Self.maximumCount)
        var sends: [Range<Int>] = []
        var first = 0
        for index in starts.indices {
            let isLast = index == starts.count - 1
            let length = byteRange(of: first..<index + 1).count
            if isLast || index + 1 - first == maximumCount || length >= Self.maximumBytes {
                sends.append(first..<index + 1)
                first = index + 1
            }
        }
        return sends
    }

    func byteRange(of messages: Range<Int>) -> Range<Int> {
        let end = messages.upperBound < count ? starts[messages.upperBound] : bytes.count
        return starts[messages.lowerBound]..<end
    }

    /// Numbers `messages` from `first` on and asks for an acknowledgement of the last: a refusal comes back unasked,
    /// and nobody needs to hear of each success.
    mutating func stamp(_ messages: Range<Int>, from first: UInt32) {
        for index in messages {
            bytes.store(first + UInt32(index - messages.lowerBound), at: starts[index] + Self.sequenceOffset)
        }
        guard let last = messages.last else { return }
        let flags = starts[last] + Self.flagsOffset
        bytes.store(UInt16(bytes[flags]) | UInt16(bytes[flags + 1]) << 8 | UInt16(NLM_F_ACK), at: flags)
    }

    private static let flagsOffset = MemoryLayout<nlmsghdr>.offset(of: \.nlmsg_flags) ?? 6
    private static let sequenceOffset = MemoryLayout<nlmsghdr>.offset(of: \.nlmsg_seq) ?? 8
}

/// A request of a batch that the kernel refused.
package struct Refusal: Hashable, Sendable {
    /// The request's place in its batch.
    package let index: Int
    /// Always ``NetlinkError/refused(errno:message:)``.
    package let error: NetlinkError
}
