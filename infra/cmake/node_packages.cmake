# sonicmatch_node_packages(FOLDER FILES file ...)
# Fetches the npm packages that FOLDER/package-lock.json names into this directory's
# part of the build tree, as FOLDER/node_modules, and makes FILES (below node_modules)
# known as made by that. Runs only when the lock or the manifest changes. The lock holds
# each package's hash, and no package's script is run.
find_program(NPM_PROGRAM npm REQUIRED)
function(sonicmatch_node_packages folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FILES")
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
  set(target ${CMAKE_CURRENT_BINARY_DIR}/${folder})
  list(TRANSFORM arg_FILES PREPEND ${target}/node_modules/)
  set(manifest ${source}/package.json ${source}/package-lock.json ${source}/.npmrc)
  add_custom_command(OUTPUT ${arg_FILES} VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory ${target}
    COMMAND ${CMAKE_COMMAND} -E copy ${manifest} ${target}
    COMMAND ${CMAKE_COMMAND} -E chdir ${target}
      ${NPM_PROGRAM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
    # The archives' own times are decades old: older than the lock they come from.
    COMMAND ${CMAKE_COMMAND} -E touch ${arg_FILES}
    DEPENDS ${manifest}
    COMMENT "Fetching the npm packages of ${folder}")
endfunction()
