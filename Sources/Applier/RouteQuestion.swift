import CLinux
import Netlink
package import NetworkState

/// What a namespace's kernel would do with a packet: `ip route get fibmatch`.
package struct RouteQuestion: Hashable, Sendable {
    package let destination: IPAddress
    package let source: IPAddress?
    /// The link that it comes in by; nil for one of the namespace's own.
    package let incoming: LinkName?

    package init(to destination: IPAddress, from source: IPAddress? = nil, incoming: LinkName? = nil) {
        self.destination = destination
        self.source = source
        self.incoming = incoming
    }

    package enum Answer: Hashable, Sendable {
        /// The entry that decides.
        case route(Route)
        /// It is for the namespace itself.
        case delivered
        /// It goes nowhere: ``Applier/refusal(_:of:in:)`` tells why.
        case refused(errno: Int32)
    }

    /// As `ip` prints it: `ip route get fibmatch 172.17.9.2 from 172.17.8.2 iif veth1`
    package var command: String {
        let family = destination.family == .v6 ? "-6 " : ""
        return "ip \(family)route get fibmatch \(destination)" + (source.map { " from \($0)" } ?? "")
            + (incoming.map { " iif \($0)" } ?? "")
    }

    /// Strictly checked: nothing but what `inet_rtm_valid_getroute_req` in net/ipv4/route.c and `inet6_rtm_valid_getroute_req`
    /// in net/ipv6/route.c let pass. The latter tells the table unasked, and refuses to be asked.
    fileprivate func message(_ incoming: UInt32?) -> Message {
        var header = rtmsg()
        header.rtm_family = destination.family.wire
        header.rtm_dst_len = UInt8(destination.family.width)
        if source != nil { header.rtm_src_len = UInt8(destination.family.width) }
        header.rtm_flags = UInt32(RTM_F_FIB_MATCH) | (destination.family == .v4 ? UInt32(RTM_F_LOOKUP_TABLE) : 0)
        var message = Message(type: RTM_GETROUTE, family: header)
        message.put(Int(RTA_DST.rawValue), destination.bytes)
        if let source { message.put(Int(RTA_SRC.rawValue), source.bytes) }
        if let incoming { message.put(Int(RTA_IIF.rawValue), incoming) }
        return message
    }
}

extension Applier {
    /// Nil where there is no such namespace or link.
    package mutating func ask(_ question: RouteQuestion, in netns: Netns) throws(ApplyError) -> RouteQuestion.Answer? {
        guard let opened = try namespaces.opened(netns) else { return nil }
        do throws(NetlinkError) {
            _ = try opened.links()
            _ = try opened.nextHopObjects()
            let incoming = question.incoming.flatMap(opened.indices.index)
            if question.incoming != nil, incoming == nil { return nil }
            return try opened.answers(to: [question], incoming: incoming).first
        } catch {
            throw ApplyError(observing: netns, error)
        }
    }
}

extension OpenNamespace {
    /// What the kernel answers to each.
    ///
    /// - `incoming`: the number of the link that all of them come in by.
    func answers(
        to questions: [RouteQuestion], incoming: UInt32? = nil
    ) throws(NetlinkError) -> [RouteQuestion.Answer] {
        var batch = MessageBatch()
        for question in questions { batch.append(question.message(incoming)) }
        var answers = questions.map { _ in RouteQuestion.Answer.delivered }
        let refusals = try execute(batch) { (index, payload) throws(NetlinkError) in
            // IPv4 has one table of its own routes and the main one's as long as nobody has made a rule (`fib_trie_unmerge`
            // in net/ipv4/fib_trie.c), and calls it main.
            if let route = try RouteCodec.read(payload, indices, nextHops), route.kind != .local {
                answers[index] = .route(route)
            }
        }
        for refusal in refusals {
            guard let code = refusal.error.errno else { throw refusal.error }
            answers[refusal.index] = .refused(errno: code)
        }
        return answers
    }
}
