import CLinux
package import Netlink

/// How full the kernel's table of IPv4 neighbours is: `ip ntable show name arp_cache`.
///
/// There is one table for all namespaces of a machine, and whatever a full one cannot take is dropped without an error
/// to anybody (`neigh_alloc` in net/core/neighbour.c). Only the first namespace shows the setting that limits it,
/// `net.ipv4.neigh.default.gc_thresh3`, but each tells it by netlink, and to anyone.
package struct NeighbourTable: Hashable, Sendable {
    /// Permanent ones among them, although the limit does not count those.
    package var entries = 0
    package var limit = standardLimit
    /// How often an entry found no room, since the machine was started.
    package var overflowCount: UInt64 = 0

    /// What `gc_thresh3` is unless somebody sets it (`arp_tbl` in net/ipv4/arp.c).
    package static let standardLimit = 1024

    package init(entries: Int = 0, limit: Int = standardLimit, overflowCount: UInt64 = 0) {
        self.entries = entries
        self.limit = limit
        self.overflowCount = overflowCount
    }

    /// How many more entries fit.
    package var room: Int { max(0, limit - entries) }

    /// Reads it as the calling thread's namespace tells it.
    package static func observe() throws(NetlinkError) -> NeighbourTable {
        var socket: NetlinkSocket
        do throws(SystemError) { socket = try NetlinkSocket.open() } catch { throw .system(error) }
        var request = ndtmsg()
        request.ndtm_family = UInt8(AF_INET)
        let dump = Message(type: RTM_GETNEIGHTBL, flags: NLM_F_DUMP, family: request)
        return try socket.dump(dump, NeighbourTable.init(reading:)).first ?? NeighbourTable()
    }

    /// As ``observe()``, or an empty one of the usual size where the kernel does not tell: what depends on it is a
    /// precaution, and no reason to fail.
    package static func orStandard() -> NeighbourTable {
        (try? observe()) ?? NeighbourTable()
    }

    /// Nil for a message about the parameters of one link: only the table's own has `NDTA_CONFIG`.
    private init?(reading message: RawSpan) throws(NetlinkError) {
        var (isTable, isARP) = (false, false)
        try Attributes(message, after: ndtmsg.self).forEach { (type, value) throws(NetlinkError) in
            switch Int(type) {
            case NDTA_NAME: isARP = value.string == "arp_cache"
            case NDTA_THRESH3: limit = Int(try value.integer() as UInt32)
            case NDTA_STATS: overflowCount = try value.header(ndt_stats.self).ndts_table_fulls
            case NDTA_CONFIG:
                entries = Int(try value.header(ndt_config.self).ndtc_entries)
                isTable = true
            default: break
            }
        }
        guard isTable, isARP else { return nil }
    }
}
