import CLinux

/// What has come back for one send.
///
/// It is read to its end even after a failure: a dump left half-read would make the next one fail with `EBUSY`.
struct Answer {
    private let first: UInt32
    private let last: UInt32
    private let base: Int
    private(set) var isComplete = false
    private(set) var refusals: [Refusal] = []
    /// The first thing that went wrong other than a refusal.
    private(set) var failure: NetlinkError?

    /// To `count` requests numbered from `first` on; `base` is the place of the first in its batch.
    init(first: UInt32, count: UInt32, base: Int) {
        self.first = first
        last = first + count - 1
        self.base = base
    }

    /// Reads every message of one datagram.
    mutating func read(_ datagram: RawSpan, _ receive: (Int, RawSpan) throws(NetlinkError) -> Void) {
        var rest = datagram
        while let message = ReceivedMessage(&rest) {
            let sequence = message.header.nlmsg_seq
            // Anything else answers an earlier request, one that failed before it was fully answered.
            guard (first...last).contains(sequence) else { continue }
            do throws(NetlinkError) {
                try read(message, index: base + Int(sequence - first), receive)
            } catch {
                failure = failure ?? error
            }
        }
    }

    private mutating func read(
        _ message: borrowing ReceivedMessage, index: Int, _ receive: (Int, RawSpan) throws(NetlinkError) -> Void
    ) throws(NetlinkError) {
        let isInterrupted = message.header.nlmsg_flags & UInt16(NLM_F_DUMP_INTR) != 0
        switch CInt(message.header.nlmsg_type) {
        case NLMSG_DONE, NLMSG_ERROR:
            isComplete = message.header.nlmsg_seq == last
            if let refusal = try message.refusal() { refusals.append(Refusal(index: index, error: refusal)) }
        default:
            if failure == nil { try receive(index, message.payload) }
        }
        if isInterrupted { throw .interruptedDump }
    }
}

/// One message of a datagram.
struct ReceivedMessage: ~Escapable {
    let header: nlmsghdr
    let payload: RawSpan

    /// Takes the first message off `datagram`, or returns nil if no whole message is left.
    @_lifetime(copy datagram)
    init?(_ datagram: inout RawSpan) {
        let headerSize = MemoryLayout<nlmsghdr>.size
        guard datagram.byteCount >= headerSize else { return nil }
        header = unsafe datagram.unsafeLoad(as: nlmsghdr.self)
        let length = Int(header.nlmsg_len)
        guard (headerSize...datagram.byteCount).contains(length) else { return nil }
        payload = datagram.extracting(headerSize..<length)
        datagram = datagram.extracting(droppingFirst: min(aligned(length), datagram.byteCount))
    }

    /// The refusal that an `NLMSG_ERROR` or the end of a dump carries, or nil if it is a plain acknowledgement.
    func refusal() throws(NetlinkError) -> NetlinkError? {
        let code: Int32 = try payload.integer()
        guard code < 0 else { return nil }
        guard header.nlmsg_flags & UInt16(NLM_F_ACK_TLVS) != 0 else { return .refused(errno: -code, message: nil) }
        // An error quotes the header of the request, the end of a dump does not.
        let isError = CInt(header.nlmsg_type) == NLMSG_ERROR
        let quoted = MemoryLayout<Int32>.size + (isError ? MemoryLayout<nlmsghdr>.size : 0)
        guard payload.byteCount >= quoted else { throw .malformedPayload(length: payload.byteCount) }
        var text: String?
        try Attributes(payload.extracting(droppingFirst: quoted)).forEach { (type, value) throws(NetlinkError) in
            if UInt32(type) == NLMSGERR_ATTR_MSG.rawValue { text = value.string }
        }
        return .refused(errno: -code, message: text)
    }
}
