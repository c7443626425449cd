import CLinux
import Netlink
package import NetworkState

/// `ip rule`: `RTM_GETRULE`, one way alone.
enum PolicyRuleCodec {
    /// `ip -4 rule show`, or `-6`
    static func dump(_ family: IPAddress.Family) -> Message {
        var header = fib_rule_hdr()
        header.family = family.wire
        return Message(type: RTM_GETRULE, flags: NLM_F_DUMP, family: header)
    }

    /// Nil for rules of other families, and of what this program knows nothing of.
    static func read(_ message: RawSpan) throws(NetlinkError) -> PolicyRule? {
        let header = try message.header(fib_rule_hdr.self)
        guard let family = IPAddress.Family(wire: header.family) else { return nil }
        var parts = RuleParts(table: UInt32(header.table), isToldInPart: header.tos != 0)
        try Attributes(message, after: fib_rule_hdr.self).forEach { (type, value) throws(NetlinkError) in
            try parts.read(Int(type), value)
        }
        guard let action = parts.action(UInt32(header.action)) else { return nil }
        var rule = PolicyRule(family, priority: parts.priority, action)
        rule.source = parts.source.flatMap { IPPrefix($0, length: Int(header.src_len)) }
        rule.destination = parts.destination.flatMap { IPPrefix($0, length: Int(header.dst_len)) }
        rule.incoming = parts.incoming
        rule.outgoing = parts.outgoing
        rule.isInverted = header.flags & UInt32(FIB_RULE_INVERT) != 0
        rule.suppressedLength = parts.suppressedLength
        rule.isToldInPart = parts.isToldInPart
        return rule
    }
}

/// What a rule's attributes say.
private struct RuleParts {
    var table: UInt32
    var isToldInPart: Bool
    var priority: UInt32 = 0
    var target: UInt32 = 0
    var source: IPAddress?
    var destination: IPAddress?
    var incoming: LinkName?
    var outgoing: LinkName?
    var suppressedLength: UInt32?
    private var mark: UInt32 = 0
    private var markMask: UInt32 = 0

    init(table: UInt32, isToldInPart: Bool) {
        self.table = table
        self.isToldInPart = isToldInPart
    }

    mutating func read(_ type: Int, _ value: RawSpan) throws(NetlinkError) {
        switch type {
        case FRA_DST: destination = try value.address()
        case FRA_SRC: source = try value.address()
        case FRA_IIFNAME: incoming = LinkName(value.string)
        case FRA_OIFNAME: outgoing = LinkName(value.string)
        case FRA_GOTO: target = try value.integer()
        case FRA_PRIORITY: priority = try value.integer()
        case FRA_TABLE: table = try value.integer()
        case FRA_SUPPRESS_PREFIXLEN:
            let length: UInt32 = try value.integer()
            suppressedLength = length == .max ? nil : length
        case FRA_SUPPRESS_IFGROUP:
            let group: UInt32 = try value.integer()
            if group != .max { isToldInPart = true }
        case FRA_FWMARK, FRA_TUN_ID, FRA_L3MDEV, FRA_UID_RANGE,
            FRA_IP_PROTO, FRA_SPORT_RANGE, FRA_DPORT_RANGE:
            isToldInPart = isToldInPart || value.byteArray.contains { $0 != 0 }
        default: break
        }
    }

    func action(_ number: UInt32) -> PolicyRule.Action? {
        switch Int(number) {
        case FR_ACT_TO_TBL: .lookup(table: table)
        case FR_ACT_GOTO: .goto(target)
        case FR_ACT_NOP: .nop
        case FR_ACT_BLACKHOLE: .blackhole
        case FR_ACT_UNREACHABLE: .unreachable
        case FR_ACT_PROHIBIT: .prohibit
        default: nil
        }
    }
}

extension Applier {
    /// The rules of which table is asked, in the order in which they are; none where there is no such namespace.
    package mutating func policyRules(in netns: Netns) throws(ApplyError) -> [PolicyRule] {
        guard let opened = try namespaces.opened(netns) else { return [] }
        var rules: [PolicyRule] = []
        do throws(NetlinkError) {
            for family in IPAddress.Family.allCases {
                rules += try opened.dump(PolicyRuleCodec.dump(family), PolicyRuleCodec.read)
            }
        } catch {
            throw ApplyError(observing: netns, error)
        }
        return rules
    }
}
