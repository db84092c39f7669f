# The Debian packages seedfed-server, seedfed-client and seedfed-tools: `cpack -G DEB` in the build folder makes all three.
# What is in them besides the programs is in deploy/packages and deploy/systemd. Those files are installed into packages
# only, never by `cmake --install`, because some of them go to /etc and /lib.

if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  message(STATUS "No packages: the man pages come from programs that do not run here (set CMAKE_CROSSCOMPILING_EMULATOR)")
  return()
endif()

set(sources ${CMAKE_SOURCE_DIR}/deploy/packages)
set(made ${CMAKE_BINARY_DIR}/packages)

# The man pages are the programs' own help texts.
add_custom_command(
  OUTPUT ${made}/man.stamp
  COMMAND bash ${sources}/make-man-pages.sh $<TARGET_FILE_DIR:seedfed> ${made}/man ${CMAKE_CROSSCOMPILING_EMULATOR}
  COMMAND ${CMAKE_COMMAND} -E touch ${made}/man.stamp
  DEPENDS seedfed seedfed-server seedfed-client ${sources}/make-man-pages.sh ${sources}/help-to-man.awk
  COMMENT "Making the man pages"
  VERBATIM)
add_custom_target(seedfed_man_pages ALL DEPENDS ${made}/man.stamp)

# The conffile is deploy/server.toml with its paths where a packaged service has them.
function(seedfed_make_server_toml)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/deploy/server.toml)
  file(READ ${CMAKE_SOURCE_DIR}/deploy/server.toml text)
  foreach(change "store = \"seedfed-store\"=>store = \"/var/lib/seedfed/store\""
                 "token_file = \"admin.token\"=>token_file = \"/run/credentials/seedfed-server.service/seedfed.admin-token\""
                 "--config server.toml=>--config /etc/seedfed/server.toml")
    string(REGEX MATCH "^(.*)=>(.*)$" ignored "${change}")
    set(from "${CMAKE_MATCH_1}")
    set(to "${CMAKE_MATCH_2}")
    string(FIND "${text}" "${from}" place)
    if(place EQUAL -1)
      message(FATAL_ERROR "deploy/server.toml has no '${from}', which cmake/SeedfedPackages.cmake replaces by '${to}'")
    endif()
    string(REPLACE "${from}" "${to}" text "${text}")
  endforeach()
  file(CONFIGURE OUTPUT ${made}/server.toml CONTENT "${text}" @ONLY)
endfunction()
seedfed_make_server_toml()

execute_process(COMMAND gzip -9nc ${sources}/changelog OUTPUT_FILE ${made}/changelog.gz COMMAND_ERROR_IS_FATAL ANY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sources}/changelog)

# seedfed_package(COMPONENT name FILES...): installs what every package has, and FILES into its documentation.
function(seedfed_package component name)
  set(documentation /usr/share/doc/${name})
  install(FILES ${sources}/copyright ${made}/changelog.gz ${ARGN} DESTINATION ${documentation}
          COMPONENT ${component} EXCLUDE_FROM_ALL)
  install(DIRECTORY ${made}/man/${name}/ DESTINATION /usr/share/man/man1 COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()

# seedfed_service(COMPONENT name configuration): the package's systemd unit, its conffile /etc/seedfed/..., and the
# scripts that dpkg runs; sets `control_files` in the caller.
function(seedfed_service component name configuration)
  get_filename_component(conffile ${configuration} NAME)
  install(FILES ${CMAKE_SOURCE_DIR}/deploy/systemd/${name}.service DESTINATION /lib/systemd/system
          COMPONENT ${component} EXCLUDE_FROM_ALL)
  install(FILES ${configuration} DESTINATION /etc/seedfed COMPONENT ${component} EXCLUDE_FROM_ALL)
  set(PACKAGE ${name})
  set(UNIT ${name}.service)
  file(STRINGS ${CMAKE_SOURCE_DIR}/deploy/systemd/${name}.service STATE REGEX "^StateDirectory=")
  string(REPLACE "StateDirectory=" "" STATE "${STATE}")
  foreach(script postinst prerm postrm)
    configure_file(${sources}/${script}.in ${made}/${name}/${script} @ONLY FILE_PERMISSIONS
                   OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  endforeach()
  file(WRITE ${made}/${name}/conffiles "/etc/seedfed/${conffile}\n")
  set(control_files ${made}/${name}/postinst ${made}/${name}/prerm ${made}/${name}/postrm ${made}/${name}/conffiles
      PARENT_SCOPE)
endfunction()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME seedfed)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Seedfed maintainers <maintainers@seedfed.example>")
set(CPACK_PACKAGE_VENDOR seedfed)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL server client tools)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

seedfed_package(server seedfed-server ${sources}/seedfed-server/README.Debian)
seedfed_service(server seedfed-server ${made}/server.toml)
set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_EXTRA ${control_files})
set(CPACK_DEBIAN_SERVER_PACKAGE_SUGGESTS seedfed-tools)
set(CPACK_COMPONENT_SERVER_DESCRIPTION "federated learning by 16-byte seeds: the server
Collects the updates of a federation's clients, averages them and hands out
the average. Every message is made of seeds of 16 bytes; an update is on disk
before it is acknowledged.

Installing it starts nothing: the first start founds a federation, with the
network and the rounds that /etc/seedfed/server.toml says.")

seedfed_package(client seedfed-client ${sources}/seedfed-client/README.Debian)
seedfed_service(client seedfed-client ${CMAKE_SOURCE_DIR}/deploy/systemd/client.conf)
set(CPACK_DEBIAN_CLIENT_PACKAGE_CONTROL_EXTRA ${control_files})
set(CPACK_COMPONENT_CLIENT_DESCRIPTION "federated learning by 16-byte seeds: the client
Trains on the data of this device when a federation's server asks for it, and
sends the result as a few kilobytes of seeds. The data stays on the device.

Installing it starts nothing: /etc/seedfed/client.conf says first where the
server and the data are.")

file(GLOB pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/*.md)
seedfed_package(tools seedfed-tools ${pages})
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "federated learning by 16-byte seeds: the command-line tool
The program seedfed: plans and simulates federations, watches and steers a
server, backs up and verifies its store, compresses weights to seeds, and
takes words, models and stores apart. With the manual's pages.")

include(CPack)
