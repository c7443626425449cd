import Foundation

/// Topologies of any size, each written once.
struct Topologies {
    let folder: URL

    /// Hosts on one segment, each with so many containers, by calico's model.
    func calico(hosts: Int, containers: Int, variant: String = "", change: (inout String) -> Void = { _ in }) -> String
    {
        file("calico-\(hosts)x\(containers)\(variant)") {
            var text = """
                {"version": 1, "name": "calico-\(hosts)x\(containers)",
                 "network": {"profile": "calico", "pools": [{"subnet": "10.64.0.0/10", "block": 25}]},
                 "segments": [{"name": "lan", "subnet": "10.0.0.0/16"}],
                 "hosts": [{"name": "h{0001..\(padded(hosts))}", "links": [{"segment": "lan"}], "containers": \(containers)}]}
                """
            change(&text)
            return text
        }
    }

    /// A host A among others, that needs so many routes over so many gateways: those that routes.c of the yardsticks has.
    func peers(routes: Int, gateways: Int, variant: String = "", moved: Bool = false) -> String {
        file("routes-\(routes)-\(gateways)\(variant)") {
            let each = (routes + gateways - 1) / gateways
            let hosts = (0..<gateways).map { gateway in
                let numbers = gateway * each..<min(routes, (gateway + 1) * each)
                let subnets = numbers.map { number in
                    "\"\(address(0x0A00_0000 + (moved && number == routes / 2 ? routes : number) << 6))/26\""
                }
                return """
                    {"name": "p\(gateway)", "links": [{"segment": "lan", "address": "\(address(0xC0A8_0101 + gateway))"}],
                     "subnet": [\(subnets.joined(separator: ", "))]}
                    """
            }
            return """
                {"version": 1, "name": "peers", "network": {"profile": "calico"},
                 "segments": [{"name": "lan", "subnet": "192.168.0.0/16"}],
                 "hosts": [{"name": "A", "links": [{"segment": "lan", "address": "192.168.0.1"}], "subnet": "172.16.0.0/26"},
                 \(hosts.joined(separator: ",\n "))]}
                """
        }
    }

    /// A router with a segment for each of so many hosts.
    func star(hosts: Int) -> String {
        file("star-\(hosts)") {
            let indices = 0..<hosts
            let subnet = { (index: Int) in 0x0A63_0000 + index << 2 }
            let segments = indices.map { "{\"name\": \"s\($0)\", \"subnet\": \"\(address(subnet($0)))/30\"}" }
            let links = indices.map { "{\"segment\": \"s\($0)\", \"address\": \"\(address(subnet($0) + 1))\"}" }
            let servers = indices.map { index in
                """
                {"name": "h\(index)", "links": [{"segment": "s\(index)", "address": "\(address(subnet(index) + 2))"}],
                 "routes": [{"to": "0.0.0.0/0", "via": "\(address(subnet(index) + 1))"}]}
                """
            }
            return """
                {"version": 1, "name": "star", "segments": [\(segments.joined(separator: ", "))],
                 "routers": [{"name": "router", "links": [\(links.joined(separator: ", "))]}],
                 "servers": [\(servers.joined(separator: ",\n "))], "hosts": []}
                """
        }
    }

    /// Two hosts with a container each, whose packets a program carries.
    func forwarded() -> String {
        file("forwarded") {
            """
            {"version": 1, "name": "forwarded", "network": {"profile": "flannel-udp", "pools": ["10.244.0.0/16"]},
             "segments": [{"name": "lan", "subnet": "192.168.100.0/24"}],
             "hosts": [{"name": "A", "links": [{"segment": "lan", "address": "192.168.100.100"}], "containers": 1},
                       {"name": "B", "links": [{"segment": "lan", "address": "192.168.100.101"}], "containers": 1}]}
            """
        }
    }

    /// What `text` is, in a file of that name, with its path.
    func file(_ name: String, suffix: String = "json", _ text: () -> String) -> String {
        let url = folder.appending(path: "\(name).\(suffix)")
        if !FileManager.default.fileExists(atPath: url.path) {
            // Scripts say so if it is not there.
            try? Data(text().utf8).write(to: url)
        }
        return url.path
    }

    private func padded(_ number: Int) -> String {
        String(repeating: "0", count: max(0, 4 - String(number).count)) + String(number)
    }
}

/// `10.0.0.1`
func address(_ value: Int) -> String {
    [24, 16, 8, 0].map { String(value >> $0 & 255) }.joined(separator: ".")
}
