import CLinux
import Netlink
import NetworkState

/// What the kernel's messages tell of a VXLAN link: its parent by number.
struct VXLANRecord: Hashable {
    var id: UInt32 = 0
    var local: IPAddress?
    var parent: UInt32?
    var port: UInt16 = 0
    var learnsAddresses = false

    /// Reads `IFLA_INFO_DATA`; the kernel reports an address that was not given as absent, and a parent as 0.
    init(reading data: RawSpan) throws(NetlinkError) {
        try Attributes(data).forEach { (type, value) throws(NetlinkError) in
            switch Int(type) {
            case IFLA_VXLAN_ID: id = try value.integer()
            case IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6: local = try value.address()
            case IFLA_VXLAN_LINK: parent = try value.integer() as UInt32
            case IFLA_VXLAN_PORT: port = UInt16(bigEndian: try value.integer())
            case IFLA_VXLAN_LEARNING: learnsAddresses = try value.integer() as UInt8 != 0
            default: break
            }
        }
        if parent == 0 { parent = nil }
    }
}

extension Link.VXLAN {
    /// `id ID local ADDRESS dev PARENT dstport PORT nolearning`
    func put(to data: inout Message, _ indices: InterfaceIndices) {
        data.put(IFLA_VXLAN_ID, id)
        if let local { data.put(local.family == .v4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, local.bytes) }
        if let parent { data.put(IFLA_VXLAN_LINK, indices[parent]) }
        data.put(IFLA_VXLAN_PORT, port.bigEndian)
        data.put(IFLA_VXLAN_LEARNING, UInt8(learnsAddresses ? 1 : 0))
    }
}
