import CLinux
import Netlink

/// Links that are made to see whether they can be, and die with their namespace.
enum LinkTrial {
    /// `ip link add trial type KIND …` with what each kind cannot do without.
    static func creation(of feature: KernelFeature) -> Message {
        var request = Message(type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL, family: ifinfomsg())
        request.put(IFLA_IFNAME, "trial")
        request.nest(IFLA_LINKINFO) { info in
            info.put(IFLA_INFO_KIND, feature.rawValue)
            info.nest(IFLA_INFO_DATA) { putData(of: feature, to: &$0) }
        }
        return request
    }

    private static func putData(of feature: KernelFeature, to data: inout Message) {
        switch feature {
        case .vxlan: data.put(IFLA_VXLAN_ID, UInt32(1))
        case .vrf: data.put(IFLA_VRF_TABLE, UInt32(10))
        case .ipip:
            // Without ends it would be `tunl0`, which the kernel makes by itself and of which there is only one.
            data.put(IFLA_IPTUN_LOCAL, [192, 0, 2, 1])
            data.put(IFLA_IPTUN_REMOTE, [192, 0, 2, 2])
        default: break
        }
    }
}
