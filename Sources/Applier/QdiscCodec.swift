import CLinux
import Netlink
import NetworkState

/// `tc qdisc`: `RTM_NEWQDISC`, `RTM_DELQDISC` and `RTM_GETQDISC`, of the two kinds at a link's root that impair it.
enum QdiscCodec {
    /// `tc qdisc replace dev NAME root netem delay TIME loss PERCENT rate RATE`
    ///
    /// A rate of zero is none; without one, a queue that is there already would keep its own (`netem_change` in
    /// net/sched/sch_netem.c).
    static func netem(_ impairment: Impairment, on index: UInt32) -> Message {
        var queue = tc_netem_qopt()
        queue.limit = 1000
        queue.loss = UInt32((min(impairment.loss, 1) * Double(UInt32.max)).rounded())
        let bytes = (impairment.rate ?? 0) / 8
        var rate = tc_netem_rate()
        rate.rate = UInt32(clamping: bytes)
        return replacement(of: "netem", on: index) { options in
            options.put(family: queue)
            options.put(TCA_NETEM_LATENCY64, (impairment.delay?.microseconds ?? 0) * 1000)
            options.put(TCA_NETEM_RATE, structure: rate)
            if bytes > UInt32.max { options.put(TCA_NETEM_RATE64, bytes) }
        }
    }

    /// `tc qdisc replace dev NAME root tbf rate RATE burst BYTES limit BYTES`, with a burst of what comes in 10 ms and room
    /// for 50 ms more, or for a few of the largest packets.
    static func tbf(rate: UInt64, on index: UInt32) -> Message {
        let bytes = rate / 8
        let burst = UInt32(clamping: max(bytes / 100, 10_000))
        var queue = tc_tbf_qopt()
        queue.rate.rate = UInt32(clamping: bytes)
        // Or else the kernel would want a table of how long packets take (`tbf_change` in net/sched/sch_tbf.c).
        queue.rate.linklayer = UInt8(TC_LINKLAYER_ETHERNET.rawValue)
        queue.limit = UInt32(clamping: max(bytes / 20, 30_000))
        return replacement(of: "tbf", on: index) { options in
            options.put(TCA_TBF_PARMS, structure: queue)
            options.put(TCA_TBF_BURST, burst)
            if bytes > UInt32.max { options.put(TCA_TBF_RATE64, bytes) }
        }
    }

    private static func replacement(
        of kind: String, on index: UInt32, _ options: (inout Message) -> Void
    ) -> Message {
        var request = Message(type: RTM_NEWQDISC, flags: NLM_F_CREATE | NLM_F_REPLACE, family: root(of: index))
        request.put(TCA_KIND, kind)
        request.nest(TCA_OPTIONS, options)
        return request
    }

    /// `tc qdisc delete dev NAME root`
    static func removal(on index: UInt32) -> Message { Message(type: RTM_DELQDISC, family: root(of: index)) }

    /// `tc qdisc show`
    static func dump() -> Message { Message(type: RTM_GETQDISC, flags: NLM_F_DUMP, family: tcmsg()) }

    private static func root(of index: UInt32) -> tcmsg {
        var header = tcmsg()
        header.tcm_ifindex = Int32(bitPattern: index)
        header.tcm_parent = TC_H_ROOT
        return header
    }
}

// Reading.
extension QdiscCodec {
    /// What a link's root does to its packets; nil for a message of any other queue.
    static func read(_ message: RawSpan) throws(NetlinkError) -> (index: UInt32, impairment: Impairment)? {
        let header = try message.header(tcmsg.self)
        guard header.tcm_parent == TC_H_ROOT else { return nil }
        var kind = ""
        var impairment: Impairment?
        try Attributes(message, after: tcmsg.self).forEach { (type, value) throws(NetlinkError) in
            switch (Int(type), kind) {
            case (TCA_KIND, _): kind = value.string
            case (TCA_OPTIONS, "netem"): impairment = try netem(value)
            case (TCA_OPTIONS, "tbf"): impairment = try tbf(value)
            default: break
            }
        }
        return impairment.map { (UInt32(bitPattern: header.tcm_ifindex), $0) }
    }

    private static func netem(_ options: RawSpan) throws(NetlinkError) -> Impairment {
        let queue = try options.header(tc_netem_qopt.self)
        // Before Linux 4.15 in ticks of 64 ns alone (`PSCHED_SHIFT` in net/pkt_sched.h).
        var nanoseconds = Int64(queue.latency) << 6
        var bytes: UInt64 = 0
        try Attributes(options, after: tc_netem_qopt.self).forEach { (type, value) throws(NetlinkError) in
            switch Int(type) {
            case TCA_NETEM_LATENCY64: nanoseconds = try value.integer()
            case TCA_NETEM_RATE: bytes = UInt64(try value.header(tc_netem_rate.self).rate)
            case TCA_NETEM_RATE64: bytes = try value.integer()
            default: break
            }
        }
        return Impairment(
            loss: Double(queue.loss) / Double(UInt32.max), rate: bytes == 0 ? nil : bytes * 8,
            delay: .nanoseconds(nanoseconds))
    }

    private static func tbf(_ options: RawSpan) throws(NetlinkError) -> Impairment {
        var bytes: UInt64 = 0
        try Attributes(options).forEach { (type, value) throws(NetlinkError) in
            switch Int(type) {
            case TCA_TBF_PARMS: bytes = UInt64(try value.header(tc_tbf_qopt.self).rate.rate)
            case TCA_TBF_RATE64: bytes = try value.integer()
            default: break
            }
        }
        return Impairment(rate: bytes * 8)
    }
}
