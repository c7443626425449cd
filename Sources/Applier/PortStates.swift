import CLinux
import Glibc
import Netlink
package import NetworkState

extension Applier {
    /// Waits until all ports of the bridges in `netns` forward; false if they still do not when `limit` is over.
    ///
    /// A bridge enables a port when the kernel's link watch has told it of the port's carrier, some time after the
    /// link has come up (`br_port_carrier_check` in net/bridge/br_if.c, `linkwatch_do_dev` in net/core/link_watch.c).
    /// What is sent before then is lost, and ARP asks again only after a second.
    package mutating func awaitForwarding(in netns: Netns, within limit: Duration) throws(ApplyError) -> Bool {
        guard let namespace = try namespaces.opened(netns) else { return true }
        let deadline = ContinuousClock.now + limit
        repeat {
            do throws(NetlinkError) {
                if try namespace.dump(LinkCodec.dump(), PortState.read).allSatisfy({ $0 == PortState.forwarding }) {
                    return true
                }
            } catch { throw ApplyError(observing: netns, error) }
            usleep(1_000)
        } while ContinuousClock.now < deadline
        return false
    }
}

/// Where a bridge is with one of its ports: `BR_STATE_*` in linux/if_bridge.h.
enum PortState {
    static let forwarding = UInt8(BR_STATE_FORWARDING)

    /// Nil for a link that is no bridge's port.
    static func read(_ message: RawSpan) throws(NetlinkError) -> UInt8? {
        var state: UInt8?
        try Attributes(message, after: ifinfomsg.self).forEach { (type, value) throws(NetlinkError) in
            if Int(type) == IFLA_LINKINFO { state = try read(info: value) }
        }
        return state
    }

    private static func read(info: RawSpan) throws(NetlinkError) -> UInt8? {
        var state: UInt8?
        try Attributes(info).forEach { (type, value) throws(NetlinkError) in
            guard Int(type) == IFLA_INFO_SLAVE_DATA else { return }
            try Attributes(value).forEach { (type, value) throws(NetlinkError) in
                if Int(type) == IFLA_BRPORT_STATE { state = try value.integer() }
            }
        }
        return state
    }
}
