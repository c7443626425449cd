import NetworkState

extension Reading<Topology.Host> {
    static var host: Reading {
        Reading { json, pointer, diagnostics in
            let keys = ["name", "links", "routes", "subnet", "containers", "labels", "description"]
            guard let members = Members(json, "a host", at: pointer, keys: keys, &diagnostics) else { return nil }
            let links = members.read("links", .list(of: .link), &diagnostics)
            return Topology.Host(
                name: members.require("name", .pattern, &diagnostics),
                links: links.listing(),
                linksPointer: links.pointer,
                routes: members.read("routes", .list(of: .route), &diagnostics).listing(),
                subnets: members.read("subnet", .oneOrMany(of: .subnet), &diagnostics),
                containers: members.read("containers", .containers, &diagnostics),
                labels: members.read("labels", .labels, &diagnostics),
                pointer: pointer
            )
        }
    }
}

extension Reading<Topology.Containers> {
    /// A number, or a list of objects.
    static var containers: Reading {
        Reading { json, pointer, diagnostics in
            if case .integer(let count) = json { return self.count(count, at: pointer, &diagnostics) }
            guard json.array != nil else {
                diagnostics.report(.wrongType(of: json, expected: "a number or a list of containers", at: pointer))
                return nil
            }
            let listing = Reading<Listing<Topology.Container>>.list(of: .container).read(json, pointer, &diagnostics)
            return listing.map(Topology.Containers.list)
        }
    }

    private static func count(_ count: Int64, at pointer: JSONPointer, _ diagnostics: inout Diagnostics) -> Value? {
        guard count >= 0 else {
            diagnostics.report(.negativeCount(count, at: pointer))
            return nil
        }
        guard count <= Limits.containers else {
            diagnostics.report(.tooMany("containers", Int(count), limit: Limits.containers, at: pointer))
            return nil
        }
        return .count(Int(count))
    }
}

extension Reading<Topology.Container> {
    static var container: Reading {
        Reading { json, pointer, diagnostics in
            let keys = ["name", "address", "link", "mac", "publish", "labels", "netns", "pid", "description"]
            guard let members = Members(json, "a container", at: pointer, keys: keys, &diagnostics) else { return nil }
            return Topology.Container(
                name: members.require("name", .pattern, &diagnostics),
                addresses: members.read("address", .oneOrMany(of: .linkAddress), &diagnostics),
                link: members.read("link", .linkName, &diagnostics),
                mac: members.read("mac", .mac, &diagnostics),
                published: members.read("publish", .oneOrMany(of: .publishedPort), &diagnostics),
                labels: members.read("labels", .labels, &diagnostics),
                netns: members.read("netns", .netnsFile, &diagnostics),
                process: members.read("pid", .process, &diagnostics),
                pointer: pointer
            )
        }
    }
}

extension Reading<NamePattern> {
    static var pattern: Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            do throws(NamePattern.Failure) {
                return try NamePattern(parsing: text)
            } catch {
                diagnostics.report(.unusable(text, because: error, at: pointer))
                return nil
            }
        }
    }
}

extension Reading<Netns> {
    /// The whole path of a file that stands for a namespace.
    static var netnsFile: Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            guard text.hasPrefix("/"), !text.hasSuffix("/"), text.utf8.count <= NodeName.maximumFileLength else {
                diagnostics.report(.badNetnsFile(text, at: pointer))
                return nil
            }
            return .named(text)
        }
    }

    /// A process's number.
    static var process: Reading {
        Reading { json, pointer, diagnostics in
            guard let number = Reading<Int64>.integer.read(json, pointer, &diagnostics) else { return nil }
            guard let id = Int32(exactly: number), id > 0 else {
                diagnostics.report(.badProcess(number, at: pointer))
                return nil
            }
            return Netns(ofProcess: id)
        }
    }
}

extension Reading<PublishedPort> {
    /// `"8080:80"`, or `"53:5353/udp"`.
    static var publishedPort: Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            guard let port = PublishedPort(parsing: text) else {
                diagnostics.report(.badPublishedPort(text, at: pointer))
                return nil
            }
            return port
        }
    }
}
